"""Why something cannot be done, in the visitor's language.

The house says no in Dutch, with the names and days of the case. Pages in another language say the same without them:
one sentence for every code that can reach a page.
"""

from collections.abc import Mapping

from models.errors import Refusal
from portal.language import Tongue
from portal.language import marked as _


class Refused(Refusal):
    """A rule says no. `text` is a Dutch sentence of the catalogues, with places for `values`."""

    def __init__(self, code: str, text: str, **values: object) -> None:
        super().__init__(code, text % values if values else text)
        self.text, self.values = text, values


def in_words(say: Tongue, refusal: Refusal | str) -> str:
    """The sentence in the visitor's language; what has no translation, or is told already, reads as it was written."""
    if isinstance(refusal, str):
        return refusal
    if isinstance(refusal, Refused):
        return say(refusal.text, **refusal.values)
    plain = PLAIN.get(refusal.code)
    translated = plain and say(plain)
    return translated if translated and translated != plain else refusal.message


PLAIN: Mapping[str, str] = {
    "AbsenceOverlaps": _("Voor deze dagen is al een vervanging geregeld. Beëindig die eerst."),
    "AbsenceTooLong": _("Een vervanging duurt hoogstens een jaar. Regel ze daarna opnieuw."),
    "ActFourEyes": _("Vier ogen: u stelde dit zelf voor. Laat een collega beslissen."),
    "ActSettled": _("Over dit voorstel is al beslist. Ververs de lijst."),
    "AlreadyPaid": _("Er is al betaald of een betaling loopt. Neem contact op met het fonds."),
    "AlreadyVerified": _("Deze rekening is al nagezien."),
    "AmountDiffers": _("Het bedrag van de bank is een ander. Zo past het niet."),
    "AnswerHeld": _("Deze taak is al beantwoord en gaat straks de deur uit. Neem het antwoord eerst terug."),
    "AnswerLate": _("Antwoorden kan niet meer: de termijn is voorbij."),
    "BankFileHostile": _("Dit bestand is niet gelezen: het ziet er niet uit als een bestand van een bank."),
    "BankFileUnknown": _("Dit is geen bestand van een bank dat wij lezen. Vraag de bank een nieuw bestand."),
    "BankFileUnreadable": _("Dit bestand breekt af of is beschadigd. Vraag de bank een nieuw bestand."),
    "BenchNotAsked": _("De uitkomst van de eerste bank is genoteerd; die van de tweede volgt zo. Druk nog eens."),
    "BeyondDue": _("Een taak rust hoogstens tot haar uiterste dag."),
    "BookingImpossible": _("In dit bestand staat een boeking die niet kan. Vraag het de bank."),
    "BudgetAmount": _("Geef een bedrag in euro van meer dan nul, met hoogstens twee cijfers na de komma."),
    "BudgetPromised": _("Dat kan niet: er is al meer gereserveerd of vastgelegd dan er zou overblijven."),
    "BudgetReason": _("Zeg waarom: wie beslist, moet dat kunnen lezen."),
    "ChangeImpossible": _("Deze wijziging kan niet. Kijk na wat u invulde."),
    "Closing": _("Dit dossier wordt al afgesloten; intrekken kan niet meer."),
    "CrossSite": _("Dit formulier hoort niet bij uw sessie. Open de bladzijde opnieuw en probeer nog eens."),
    "DayPast": _("Kies een dag na vandaag, niet te ver vooruit."),
    "DayToCome": _("Deze dag moet nog komen."),
    "DaysNotInOrder": _("De laatste dag ligt voor de eerste."),
    "Decided": _("Er is al beslist. Verbeter uw gegevens als het fonds er nog iets over vraagt."),
    "DecidedElsewhere": _("Over dit dossier heeft het bestuur niets meer te beslissen: bekijk het dossier."),
    "DossierClosed": _("Dit dossier is gesloten."),
    "FactImpossible": _("Dit gegeven kan zo niet. Kijk na wat u invulde."),
    "HoursImpossible": _("Zoveel uren kunnen niet in deze fase. Vul een getal van nul of meer in."),
    "NothingChanges": _("Dit staat al zo in het dossier; er verandert niets."),
    "EmptyAgenda": _("Er staat niets op de agenda. Zet er eerst een dossier op."),
    "EntryClosed": _("Deze regel staat niet meer open. Bekijk de wachtrij opnieuw."),
    "EnvelopeClosed": _("Dit budget is niet open (meer). Kies een budget van het lopende jaar."),
    "EnvelopeExists": _("Dit budget bestaat al. Stel voor om het te verhogen."),
    "ForeignAccount": _("Dit bestand gaat over een rekening van geen enkel fonds. Er is niets van opgenomen."),
    "FourEyes": _("Vier ogen: u nam al een eerdere stap in dit dossier. Laat een collega beslissen."),
    "GEEN_REGLEMENT": _(
        "Het fonds heeft voor die dag geen reglement dat geldt. Controleer de datum of vraag het fonds."
    ),
    "GoesOnElsewhere": _("Een ander fonds volgt deze sluiting verder. Bezorg de lijst aan dat fonds."),
    "Halfway": _("De uitkomst van een dossier is nog niet volledig genoteerd."),
    "InPaymentRun": _("Deze betaling staat in een betaalopdracht: de bank bevestigt ze."),
    "ItemClosed": _("De stemming over dit dossier is gesloten."),
    "LastAdministrator": _("Er moet een beheerder overblijven. Geef eerst een collega die rol."),
    "MeetingBegun": _("Deze vergadering is al begonnen."),
    "MeetingNotOpen": _("Deze vergadering is niet aan de gang: er wordt niet gestemd."),
    "MeetingOver": _("Deze vergadering is afgesloten."),
    "MeetingPlanned": _("Op die dag vergadert het bestuur al. Zet het dossier op die agenda."),
    "NameDiffers": _("De bank zegt dat de naam niet bij de rekening hoort. Weiger de rekening."),
    "NegativeAmount": _("Het bedrag kan niet negatief zijn."),
    "NoAnswerYet": _("Er kwam nog geen antwoord. Uw opdracht is bewaard en wordt verwerkt; er gebeurt niets dubbel."),
    "NoBench": _("Er staat niet bij u in welke bank u zetelt. Vraag het de beheerder van uw fonds."),
    "NoMember": _("Kies als voorzitter iemand van het bestuursorgaan."),
    "NoRole": _("Kies minstens een rol. Wie geen rol meer heeft, zet u uit dienst."),
    "NobodyLeft": _("Niemand van die bank kan de uitkomst noteren: ieder nam al een eerdere stap."),
    "NoticeEarly": _("In gebreke stellen kan nog niet: de werkgever mag nog een aanbod doen."),
    "NotLater": _("De nieuwe datum ligt voor de huidige uiterste dag."),
    "NotRunning": _("Een wijziging kan alleen tussen de toekenning en het eindverslag."),
    "NotStarted": _("Dit dossier is ontvangen en start zo dadelijk. Probeer het straks opnieuw."),
    "NotSubstitute": _("U vervangt deze collega vandaag niet."),
    "NotTheChair": _("Alleen de voorzitter of de secretaris sluit een stemming."),
    "NotYours": _("Alleen wie het antwoord gaf of een teamverantwoordelijke maakt dit ongedaan."),
    "NothingDue": _("Er is nu niets te betalen."),
    "NothingHeld": _("Deze taak staat nog open; er is niets om ongedaan te maken."),
    "NothingToDecide": _("Over dit dossier heeft het bestuur niets te beslissen."),
    "NothingToObject": _("Er is geen beslissing waartegen u bezwaar kunt maken."),
    "NumberGiven": _("Een trajectnummer is in dit dossier van iemand anders. Geef deze persoon een ander nummer."),
    "ObjectionHeard": _("Er loopt al een bezwaar tegen deze beslissing. U krijgt er bericht over."),
    "ObjectionLate": _("De termijn voor een bezwaar is voorbij."),
    "OneselfRefused": _("Uw eigen rollen wijzigt een andere beheerder."),
    "OrderImpossible": _("Van deze betalingen kan geen bestand voor de bank gemaakt worden. Kijk ze na."),
    "OtherFund": _("Dit is van een ander fonds."),
    "OtherInstrument": _("Een verbetering kan geen ander instrument kiezen. Dien opnieuw in."),
    "OtherPurse": _("Verschuiven kan alleen naar een ander budget van hetzelfde fonds en hetzelfde jaar."),
    "ReasonMissing": _("Geef een reden bij deze uitkomst."),
    "RequestClosed": _("Deze vraag staat niet (meer) open; er is geen termijn om te verlengen."),
    "RoleMissing": _("Dit mag alleen wie er de rol voor heeft."),
    "RunClosed": _("Deze betaalopdracht kan niet meer veranderen. Bekijk ze opnieuw."),
    "SameHand": _("Twee verschillende personen ondertekenen: deze handtekening staat er al."),
    "SecondPerson": _("U gaf deze rekening zelf op. Laat een collega ze nazien."),
    "Settled": _("Over dit voorstel is al beslist."),
    "ShiftTarget": _("Zeg naar welk budget het geld verschuift."),
    "StatementDoesNotAddUp": _(
        "Een afschrift in dit bestand klopt niet: saldo's en boekingen verschillen. Vraag de bank een nieuw."
    ),
    "StatementNotInEuro": _("Een rekening in dit bestand is niet in euro: zulke afschriften lezen wij niet."),
    "StatementOfNobody": _("Een afschrift in dit bestand noemt geen rekening. Vraag het de bank."),
    "StatusOfNothing": _("Dit antwoord van de bank noemt geen betaalbestand. Vraag het de bank."),
    "TaskClosed": _("Deze taak staat niet (meer) open. Bekijk het dossier opnieuw."),
    "TaskDone": _("Deze taak is al afgewerkt."),
    "TaskHeld": _("Deze taak is al in handen van een collega."),
    "UnknownAbsence": _("Deze vervanging bestaat niet (meer)."),
    "UnknownDossier": _("Dit dossier bestaat niet. Kijk het nummer na."),
    "UnknownFact": _("Dit kan in dit dossier niet gemeld worden."),
    "UnknownMeeting": _("Deze vergadering is er niet."),
    "UnknownOutcome": _("Kies een van de uitkomsten uit de lijst."),
    "UnknownPerson": _("Er is geen actieve medewerker met deze code."),
    "UnknownRequest": _("Dit wordt in dit dossier niet gevraagd."),
    "UnknownRun": _("Deze betaalopdracht bestaat niet. Kijk het nummer na."),
    "UnknownTarget": _("Er is geen betaling of terugvordering met dit kenmerk."),
    "WrongBench": _("Deze stap is voor een lid van de andere bank van het bestuur."),
    "WrongParty": _("Dit antwoord wordt van een andere partij verwacht."),
    "WrongRole": _("Deze stap is voor een andere rol of een ander fonds."),
    "WrongSubstitute": _("Kies een andere collega van hetzelfde fonds als vervanger."),
}
