"""The closed lists of the field. Values are stored and travel; Dutch words for the screen live with the screen."""

from enum import StrEnum


class Fund(StrEnum):
    """The eight funds, each a separate legal person (covenant art. 1)."""

    INOM = "INO"
    ANTWERPEN = "ANT"
    LIMBURG = "LIM"
    OOST_VLAANDEREN = "OVL"
    WEST_VLAANDEREN = "WVL"
    VLAAMS_BRABANT = "RTM"
    INOM_BEDIENDEN = "INB"
    BRABANT = "BRA"


class Kind(StrEnum):
    """What a dossier is about; every kind has one workflow. The trajectory belongs to an outplacement dossier."""

    SUBSIDY = "subsidy"
    TRANSITION_SUPPORT = "transition_support"
    PROJECT_FINANCING = "project_financing"
    OUTPLACEMENT = "outplacement"
    TRAJECTORY = "trajectory"


class Instrument(StrEnum):
    """What is asked for. Each instrument has its own dated policy per fund."""

    FORMAL_TRAINING = "formal_training"
    INFORMAL_TRAINING = "informal_training"
    CAREER_ACCOUNT = "career_account"
    TRANSITION_SUPPORT = "transition_support"
    PROJECT_FINANCING = "project_financing"
    OUTPLACEMENT = "outplacement"
    TRAJECTORY = "trajectory"


class Language(StrEnum):
    """Languages a person may prefer; mails exist in nl, fr and en, the others get nl until they are translated."""

    DUTCH = "nl"
    FRENCH = "fr"
    ENGLISH = "en"
    TURKISH = "tr"
    ARABIC = "ar"


class Role(StrEnum):
    """What a member of staff may do within a fund."""

    INTAKE = "intake"
    HANDLER = "handler"
    TEAM_LEAD = "team_lead"
    APPROVER = "approver"
    BOARD = "board"
    FINANCE = "finance"
    OPERATIONS = "operations"
    AUDITOR = "auditor"
    """Reads everything of the fund and changes nothing."""
    ADMINISTRATOR = "administrator"
    """Keeps people, roles and absences of the fund; takes no step in a dossier."""


class HandOverReason(StrEnum):
    """Why a task goes to a colleague."""

    WORKLOAD = "workload"
    ABSENT = "absent"
    EXPERTISE = "expertise"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    KNOWS_DOSSIER = "knows_dossier"


class Party(StrEnum):
    """Who takes part in a dossier from outside; `STAFF` and `SYSTEM` complete the list of who can be waited for."""

    APPLICANT = "applicant"
    EXPERT = "expert"
    AGENCY = "agency"
    PARTICIPANT = "participant"
    STAFF = "staff"
    SYSTEM = "system"
    CALENDAR = "calendar"


class Outcome(StrEnum):
    """How a dossier ended. Exactly one per closed dossier."""

    GRANTED = "granted"
    PARTIALLY_GRANTED = "partially_granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    HANDED_OVER = "handed_over"
    COMPLETED = "completed"
    NOT_STARTED = "not_started"
    STOPPED = "stopped"


class FollowUpOutcome(StrEnum):
    """What became of a person after outplacement: the closed list of domain.md 6.4. Percentages are computed of it."""

    SAME_SECTOR = "job zelfde sector"
    OTHER_SECTOR = "job andere sector"
    SELF_EMPLOYED = "zelfstandig"
    TRAINING = "opleiding"
    JOB_SEEKING = "werkzoekend"
    PENSION = "SWT/pensioen"
    ILL = "ziek"
    FORMER_EMPLOYER = "terug bij ex-werkgever"
    MOVED_OR_DIED = "verhuisd/overleden"
    UNKNOWN = "onbekend"


class UnknownReason(StrEnum):
    """Why an outcome is not known: never left empty."""

    NO_ANSWER = "geen antwoord"
    NO_CONSENT = "geen toestemming"
    CONTACT_LOST = "contact verloren"
    NOT_ASKED_YET = "nog niet bevraagd"


class Document(StrEnum):
    """Kinds of documents a dossier may ask for."""

    INVOICE = "invoice"
    PROOF_OF_PAYMENT = "proof_of_payment"
    ATTENDANCE = "attendance"
    PROGRAMME = "programme"
    QUOTE = "quote"
    LEARNING_PLAN = "learning_plan"
    MENTOR_PROOF = "mentor_proof"
    HOUR_LOG = "hour_log"
    REGISTRATION_PROOF = "registration_proof"
    PLAN = "plan"
    BUDGET = "budget"
    PARTICIPANT_LIST = "participant_list"
    WORKS_COUNCIL_ADVICE = "works_council_advice"
    SIGNED_PLAN = "signed_plan"
    INTERIM_REPORT = "interim_report"
    FINAL_REPORT = "final_report"
    EMPLOYMENT_PROOF = "employment_proof"
    SURVEY_REPORT = "survey_report"
    AGENCY_CONTRACT = "agency_contract"
    DISMISSAL_LETTER = "dismissal_letter"
    OFFER_LETTER = "offer_letter"
    PUBLIC_REFUND_DECISION = "public_refund_decision"
    OTHER = "other"
