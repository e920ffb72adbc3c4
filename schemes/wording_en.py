"""The English sentences of the checks; `schemes.sentences` tells how keys and values work."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "EERDER_TRAJECT": "This person was dismissed elsewhere or before too: trajectory {number}.",
    "EERDER_TRAJECT.double": "The same dismissal seems to have been told already: trajectory {number}. See "
    "whether it stands twice.",
    "EERDER_TRAJECT.dismissed_again_soon": "This person lost a new job within three months: the first trajectory "
    "{number} may go on.",
    "EERDER_TRAJECT.two_employers": "This person was dismissed by two employers at the same time: see trajectory "
    "{number} too. Both run.",
    "BIJLAGE_ONTBREEKT.invoice": "The invoice of the training provider is missing.",
    "BIJLAGE_ONTBREEKT.proof_of_payment": "The proof of payment is missing.",
    "BIJLAGE_ONTBREEKT.attendance": "There is no signed attendance list and no certificate of attendance.",
    "BIJLAGE_ONTBREEKT.programme": "The training programme is missing.",
    "BIJLAGE_ONTBREEKT.quote": "The quote is missing.",
    "BIJLAGE_ONTBREEKT.learning_plan": "The learning plan is missing.",
    "BIJLAGE_ONTBREEKT.mentor_proof": "Nothing shows that the mentor followed a course for mentors.",
    "BIJLAGE_ONTBREEKT.hour_log": "The record of hours of the training on the job is missing.",
    "BIJLAGE_ONTBREEKT.registration_proof": "The proof of registration is missing.",
    "BIJLAGE_ONTBREEKT.plan": "The plan is missing.",
    "BIJLAGE_ONTBREEKT.budget": "The budget is missing.",
    "BIJLAGE_ONTBREEKT.participant_list": "The list of participants is missing.",
    "BIJLAGE_ONTBREEKT.works_council_advice": "The advice of the works council is missing.",
    "BIJLAGE_ONTBREEKT": "A required document is missing.",
    "UREN_TE_WEINIG.formal": "The training takes {hours:number} hours per participant. "
    "The minimum is {minimum:number} hours for formal training.",
    "UREN_TE_WEINIG.informal": "The training takes {hours:number} hours per participant. "
    "The minimum is {minimum:number} hours for informal training.",
    "UREN_TE_WEINIG.transition": "The trajectory takes {hours:number} hours per participant. "
    "Transition support needs at least {minimum:number} hours.",
    "UREN_TE_VEEL": "The training takes {hours:number} hours per participant. "
    "The maximum is {maximum:number} hours for informal training.",
    "TE_LAAT_INGEDIEND": "The training ended on {ends_on:date}. The application came on {filed_on:date}; "
    "that is more than {term:term} later.",
    "UITZENDKRACHT": "{who} is an agency worker. Only staff with a contract with the company count.",
    "UITZENDKRACHT.many": "{who} are agency workers. Only staff with a contract with the company count.",
    "ZAAKVOERDER": "{who} is a business manager. Business managers have no right to training support.",
    "ZAAKVOERDER.many": "{who} are business managers. Business managers have no right to training support.",
    "IBAN_FOUT": "The account number {iban} is not right: its check digits are wrong. Please give the right number.",
    "IBAN_FOUT.unnamed": "The account number is not right: its check digits are wrong. Please give the right number.",
    "BUITEN_PROVINCIE": "The establishment lies in {postcode} {municipality}, outside {own:area}. "
    "The application belongs to {fund:fund}.",
    "BUITEN_PROVINCIE.none": "The establishment lies in {postcode} {municipality}, outside {own:area}. "
    "None of the eight funds is competent there.",
    "DUBBELE_AANVRAAG": "Support for this training with the same participants was asked before, in dossier "
    "{duplicate_of}.",
    "EINDE_VOOR_BEGIN": "The last day {ends_on:date} comes before the first day {starts_on:date}.",
    "DATUM_IN_TOEKOMST": "The date {day:date} lies in the future; the training is said to be over.",
    "DATUM_IN_TOEKOMST.birth": "The birth date {birth_date:date} of {who} lies in the future.",
    "DATUM_IN_TOEKOMST.birth.unnamed": "The birth date of {who} lies in the future.",
    "BEDRAG_TYPFOUT.comma": "The amount asked, {asked:euro} euro, is higher than the cost of {cost:euro} euro. "
    "Is the decimal comma in the right place?",
    "BEDRAG_TYPFOUT.cost": "The amount asked, {asked:euro} euro, is higher than the cost of {cost:euro} euro. "
    "Is the cost right?",
    "BEDRAG_TYPFOUT.wallet": "The amount asked, {asked:euro} euro, is higher than the cost of {cost:euro} euro minus "
    "the SME wallet of {sme_wallet:euro} euro.",
    "BEDRAG_TYPFOUT.hours": "The amount asked, {asked:euro} euro, is higher than the highest amount for these hours "
    "and participants ({highest:euro} euro).",
    "BEDRAG_ONLEESBAAR": "The amount '{asked_as_typed}' cannot be read: there are letters in it.",
    "BEDRAG_ONLEESBAAR.unnamed": "The amount asked cannot be read. Please give it again.",
    "GEGEVEN_ONTBREEKT": "This is missing or cannot be read: {missing:fields}. Please complete it.",
    "DEELNEMERS_KLOPPEN_NIET": "The form says {stated:number} participants, the list has {lines:number}. "
    "Which number is right?",
    "DEELNEMERS_KLOPPEN_NIET.none": "The participants are missing. Please complete the list.",
    "NIET_IN_SECTOR": "A career account is for people who work in the sector at the latest on the last day. "
    "The job began on {employed_since:date}, after the end on {ends_on:date}.",
    "TE_VER_TERUG": "The training ended on {ends_on:date}. An application of {filed_on:date} goes back to 1 January "
    "{first_year}.",
    "GEEN_OMSCHOLING": "The participants keep the same job. This is ordinary training: the application becomes a "
    "subsidy dossier.",
    "GEEN_EXTERNE_EXPERT": "There is no external expert. The plan is made beforehand, with the fund and an expert.",
    "GEEN_EXTERNE_EXPERT.begun": "There is no external expert and the trajectory began on {starts_on:date}, before the "
    "application of {filed_on:date}. The plan is made beforehand, with the fund and an expert.",
    "AL_BEGONNEN": "The trajectory began on {starts_on:date}, before the application of {filed_on:date}. Check whether "
    "the plan was made beforehand, with the fund and an expert.",
    "ADVIES_ONTBREEKT": "The advice of the works council or union delegation was not asked.",
    "BEGROTING_KLOPT_NIET": "The budget adds up to {total:euro} euro, the application says a total cost of "
    "{stated:euro} euro.",
    "SCHIJVEN_KLOPPEN_NIET": "The instalments add up to {total:euro} euro, the application asks {stated:euro} euro.",
    "DIT_IS_OPLEIDING": "The budget is mostly training, for {people:number} participants. That is training and not a "
    "project: the application becomes a subsidy dossier.",
    "GEEN_HEFBOOM": "What is asked fits none of the three levers: sustainable employability, workable work or engaged "
    "leadership.",
    "HEFBOOM_LOOPT_AL": "This company already has a running project in the lever {lever:lever} ({running}, until "
    "{until:date}). One running project per lever is the maximum.",
    "HEFBOOM_LOOPT_AL.open": "This company already has a running project in the lever {lever:lever} ({running}). "
    "One running project per lever is the maximum.",
    "PROJECT_AL_AFGEROND": "The project ran from {starts_on:date} to {ends_on:date} and was over before the "
    "application of {filed_on:date}. Support afterwards is not possible.",
    "PERSONEEL_ONBEKEND": "The headcount of {day:date} is not known. See for yourself how much budget this company has "
    "left this year.",
    "OFFERTES_TE_WEINIG": "There are {quotes:number} quotes. Above {above:euro} euro {needed:number} are needed.",
    "TERMIJN_TE_LANG": "The project runs from {starts_on:date} to {ends_on:date}; that is longer than {months:number} "
    "months. Check whether an extension was asked.",
    "FACTUUR_EN_UREN": "The invoices ask {invoiced:euro} euro. The agreement and {registered:number} registered hours "
    "of {people:number} participants who started justify {justified:euro} euro: {difference:euro} euro less. Hours "
    "are missing for {hours_missing:number} of them; {no_agreement:number} started on a day without agreement.",
    "FACTUUR_EN_UREN.no_hours": "The invoices ask {invoiced:euro} euro, but no hours are registered of "
    "{people:number} participants who started. Ask the agency for the hours before you confirm.",
    "FACTUUR_PERSOON.price": "{invoiced:euro} euro was invoiced for {trajectory}. The agreed price for {hours:number} "
    "hours is {justified:euro} euro.",
    "FACTUUR_PERSOON.hours_missing": "{invoiced:euro} euro was invoiced for {trajectory}. {hours:number} hours are "
    "registered, too few for the full price: {justified:euro} euro is justified.",
    "FACTUUR_PERSOON.no_agreement": "{invoiced:euro} euro was invoiced for {trajectory}, but there was no agreement "
    "with the agency on the first day.",
    "FACTUUR_PERSOON.not_started": "{invoiced:euro} euro was invoiced for {trajectory}, but that guidance did not "
    "start.",
    "FACTUUR_ANDER_PERSOON": "The invoices count {invoiced:euro} euro for {count:number} people who are not in this "
    "dossier.",
}

WORDS: Mapping[str, str] = {
    "and": "and",
    "participant": "participant",
    "months": "months",
    "month": "month",
    "days": "days",
    "day": "day",
    "weeks": "weeks",
    "week": "week",
    "working days": "working days",
    "starts_on": "first day",
    "ends_on": "last day",
    "hours": "hours per participant",
    "cost": "cost (and SME wallet)",
    "employed_since": "employed since",
    "area.ANT": "the province of Antwerp",
    "area.LIM": "the province of Limburg",
    "area.OVL": "the province of East Flanders",
    "area.WVL": "the province of West Flanders",
    "area.RTM": "the province of Flemish Brabant",
    "area.BRA": "the area of mtech+ Brabant",
    "area.INO": "the area of INOM",
    "area.INB": "the area of INOM Bedienden",
    "sustainable_employability": "sustainable employability",
    "workable_work": "workable work",
    "engaged_leadership": "engaged leadership",
}

NUMBERS: Mapping[str, str] = {"1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six"}
