"""The Dutch sentences of the checks; `schemes.sentences` tells how keys and values work."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "EERDER_TRAJECT": "Deze persoon werd ook elders of eerder ontslagen: traject {number}.",
    "EERDER_TRAJECT.double": "Hetzelfde ontslag lijkt al gemeld: traject {number}. Kijk na of dit er een "
    "tweede keer staat.",
    "EERDER_TRAJECT.dismissed_again_soon": "Deze persoon verloor een nieuwe job binnen drie maanden: het eerste "
    "traject {number} kan verdergaan.",
    "EERDER_TRAJECT.two_employers": "Deze persoon werd tegelijk bij twee werkgevers ontslagen: zie ook traject "
    "{number}. Beide lopen.",
    "BIJLAGE_ONTBREEKT.invoice": "De factuur van de opleidingsverstrekker ontbreekt.",
    "BIJLAGE_ONTBREEKT.proof_of_payment": "Het betaalbewijs ontbreekt.",
    "BIJLAGE_ONTBREEKT.attendance": "Er is geen getekende aanwezigheidslijst en geen deelnameattest.",
    "BIJLAGE_ONTBREEKT.programme": "Het opleidingsprogramma ontbreekt.",
    "BIJLAGE_ONTBREEKT.quote": "De offerte ontbreekt.",
    "BIJLAGE_ONTBREEKT.learning_plan": "Het leerplan ontbreekt.",
    "BIJLAGE_ONTBREEKT.mentor_proof": "Er is geen bewijs dat de begeleider een mentoropleiding volgde.",
    "BIJLAGE_ONTBREEKT.hour_log": "De urenregistratie van de werkplekopleiding ontbreekt.",
    "BIJLAGE_ONTBREEKT.registration_proof": "Het inschrijvingsbewijs ontbreekt.",
    "BIJLAGE_ONTBREEKT.plan": "Het plan ontbreekt.",
    "BIJLAGE_ONTBREEKT.budget": "De begroting ontbreekt.",
    "BIJLAGE_ONTBREEKT.participant_list": "De deelnemerslijst ontbreekt.",
    "BIJLAGE_ONTBREEKT.works_council_advice": "Het advies van de ondernemingsraad ontbreekt.",
    "BIJLAGE_ONTBREEKT": "Een verplichte bijlage ontbreekt.",
    "UREN_TE_WEINIG.formal": "De opleiding telt {hours:number} uur per deelnemer. "
    "Het minimum is {minimum:number} uur voor een formele opleiding.",
    "UREN_TE_WEINIG.informal": "De opleiding telt {hours:number} uur per deelnemer. "
    "Het minimum is {minimum:number} uur voor informele opleiding.",
    "UREN_TE_WEINIG.transition": "Het traject telt {hours:number} uur per deelnemer. "
    "Voor transitiesteun is {minimum:number} uur het minimum.",
    "UREN_TE_VEEL": "De opleiding telt {hours:number} uur per deelnemer. "
    "Het maximum is {maximum:number} uur voor informele opleiding.",
    "TE_LAAT_INGEDIEND": "De opleiding eindigde op {ends_on:date}. De aanvraag kwam op {filed_on:date}; "
    "dat is meer dan {term:term} later.",
    "UITZENDKRACHT": "{who} is uitzendkracht. Alleen werknemers met een contract bij het bedrijf tellen mee.",
    "UITZENDKRACHT.many": "{who} zijn uitzendkracht. Alleen werknemers met een contract bij het bedrijf tellen mee.",
    "ZAAKVOERDER": "{who} is zaakvoerder. Zaakvoerders hebben geen recht op opleidingssteun.",
    "ZAAKVOERDER.many": "{who} zijn zaakvoerder. Zaakvoerders hebben geen recht op opleidingssteun.",
    "IBAN_FOUT": "Het rekeningnummer {iban} klopt niet: het controlegetal is fout. Vraag het juiste nummer.",
    "IBAN_FOUT.unnamed": "Het rekeningnummer klopt niet: het controlegetal is fout. Vraag het juiste nummer.",
    "BUITEN_PROVINCIE": "De vestiging ligt in {postcode} {municipality}, buiten {own:area}. "
    "Stuur door naar {fund:fund}.",
    "BUITEN_PROVINCIE.none": "De vestiging ligt in {postcode} {municipality}, buiten {own:area}. "
    "Geen van de acht fondsen is er bevoegd.",
    "DUBBELE_AANVRAAG": "Deze opleiding met dezelfde deelnemers werd al aangevraagd in dossier {duplicate_of}.",
    "EINDE_VOOR_BEGIN": "De einddatum {ends_on:date} ligt vóór de begindatum {starts_on:date}.",
    "DATUM_IN_TOEKOMST": "De datum {day:date} ligt in de toekomst; de opleiding zou al gevolgd zijn.",
    "DATUM_IN_TOEKOMST.birth": "De geboortedatum {birth_date:date} van {who} ligt in de toekomst.",
    "DATUM_IN_TOEKOMST.birth.unnamed": "De geboortedatum van {who} ligt in de toekomst.",
    "BEDRAG_TYPFOUT.comma": "Het gevraagde bedrag van {asked:euro} euro is hoger dan de kost van {cost:euro} euro. "
    "Staat de komma juist?",
    "BEDRAG_TYPFOUT.cost": "Het gevraagde bedrag van {asked:euro} euro is hoger dan de kost van {cost:euro} euro. "
    "Klopt de kostprijs?",
    "BEDRAG_TYPFOUT.wallet": "Het gevraagde bedrag van {asked:euro} euro is hoger dan de kost van {cost:euro} euro min "
    "de kmo-portefeuille van {sme_wallet:euro} euro.",
    "BEDRAG_TYPFOUT.hours": "Het gevraagde bedrag van {asked:euro} euro is hoger dan het hoogste bedrag voor deze uren "
    "en deelnemers ({highest:euro} euro).",
    "BEDRAG_ONLEESBAAR": "Het bedrag '{asked_as_typed}' is niet te lezen: er staan letters in.",
    "BEDRAG_ONLEESBAAR.unnamed": "Het gevraagde bedrag is niet te lezen. Vraag het opnieuw.",
    "GEGEVEN_ONTBREEKT": "Dit ontbreekt of is niet te lezen: {missing:fields}. Vul het aan.",
    "DEELNEMERS_KLOPPEN_NIET": "Het formulier noemt {stated:number} deelnemers, de deelnemerslijst telt er "
    "{lines:number}. Welk aantal is juist?",
    "DEELNEMERS_KLOPPEN_NIET.none": "De deelnemers ontbreken. Vul de deelnemerslijst aan.",
    "NIET_IN_SECTOR": "Wie een loopbaanrekening gebruikt, werkt ten laatste op de laatste dag in de sector. "
    "De tewerkstelling begon op {employed_since:date}, na het einde op {ends_on:date}.",
    "TE_VER_TERUG": "De opleiding eindigde op {ends_on:date}. Een aanvraag van {filed_on:date} gaat terug tot 1 "
    "januari {first_year}.",
    "GEEN_OMSCHOLING": "De deelnemers houden dezelfde functie. Dit is een gewone opleiding: zet de aanvraag over naar "
    "een subsidiedossier.",
    "GEEN_EXTERNE_EXPERT": "Er is geen externe expert. Het plan moet vooraf samen met fonds en expert gemaakt zijn.",
    "GEEN_EXTERNE_EXPERT.begun": "Er is geen externe expert en het traject begon op {starts_on:date}, vóór de aanvraag "
    "van {filed_on:date}. Het plan moet vooraf samen met fonds en expert gemaakt zijn.",
    "AL_BEGONNEN": "Het traject begon op {starts_on:date}, vóór de aanvraag van {filed_on:date}. Bekijk of het plan "
    "vooraf met fonds en expert gemaakt is.",
    "ADVIES_ONTBREEKT": "Het advies van de ondernemingsraad of vakbondsafvaardiging is niet gevraagd.",
    "BEGROTING_KLOPT_NIET": "De begroting telt op tot {total:euro} euro, de aanvraag noemt een totale kost van "
    "{stated:euro} euro.",
    "SCHIJVEN_KLOPPEN_NIET": "De schijven tellen op tot {total:euro} euro, de aanvraag vraagt {stated:euro} euro.",
    "DIT_IS_OPLEIDING": "De begroting is vooral opleiding, voor {people:number} deelnemers. Dat is een opleiding en "
    "geen project. Zet de aanvraag over naar een subsidiedossier.",
    "GEEN_HEFBOOM": "Wat gevraagd wordt, past niet in een van de drie hefbomen: duurzame inzetbaarheid, werkbaar werk "
    "of geëngageerd leiderschap.",
    "HEFBOOM_LOOPT_AL": "Voor dit bedrijf loopt al een project in de hefboom {lever:lever} ({running}, tot "
    "{until:date}). Eén lopend project per hefboom is het maximum.",
    "HEFBOOM_LOOPT_AL.open": "Voor dit bedrijf loopt al een project in de hefboom {lever:lever} ({running}). "
    "Eén lopend project per hefboom is het maximum.",
    "PROJECT_AL_AFGEROND": "Het project liep van {starts_on:date} tot {ends_on:date} en was klaar vóór de aanvraag van "
    "{filed_on:date}. Steun achteraf is niet mogelijk.",
    "PERSONEEL_ONBEKEND": "Het aantal personeelsleden op {day:date} is niet bekend. Bekijk zelf hoeveel budget deze "
    "onderneming dit jaar nog heeft.",
    "OFFERTES_TE_WEINIG": "Er zijn {quotes:number} offertes. Boven {above:euro} euro zijn er {needed:number} nodig.",
    "TERMIJN_TE_LANG": "Het project loopt van {starts_on:date} tot {ends_on:date}; dat is langer dan {months:number} "
    "maanden. Bekijk of een verlenging gevraagd is.",
    "FACTUUR_EN_UREN": "De facturen vragen {invoiced:euro} euro. De overeenkomst en {registered:number} "
    "geregistreerde uren van {people:number} gestarte deelnemers verantwoorden {justified:euro} euro: "
    "{difference:euro} euro minder. Uren ontbreken bij {hours_missing:number} van hen; {no_agreement:number} begonnen "
    "op een dag zonder overeenkomst.",
    "FACTUUR_EN_UREN.no_hours": "De facturen vragen {invoiced:euro} euro, maar van {people:number} gestarte "
    "deelnemers zijn geen uren geregistreerd. Vraag het bureau de uren voor u bevestigt.",
    "FACTUUR_PERSOON.price": "Voor {trajectory} is {invoiced:euro} euro gefactureerd. De prijs in de overeenkomst "
    "voor {hours:number} uren is {justified:euro} euro.",
    "FACTUUR_PERSOON.hours_missing": "Voor {trajectory} is {invoiced:euro} euro gefactureerd. Er zijn {hours:number} "
    "uren geregistreerd, te weinig voor de volle prijs: verantwoord is {justified:euro} euro.",
    "FACTUUR_PERSOON.no_agreement": "Voor {trajectory} is {invoiced:euro} euro gefactureerd, maar op de begindag was "
    "er geen overeenkomst met het bureau.",
    "FACTUUR_PERSOON.not_started": "Voor {trajectory} is {invoiced:euro} euro gefactureerd, maar die begeleiding "
    "begon niet.",
    "FACTUUR_ANDER_PERSOON": "Op de facturen staat {invoiced:euro} euro voor {count:number} personen die niet in dit "
    "dossier zitten.",
}

WORDS: Mapping[str, str] = {
    "and": "en",
    "participant": "deelnemer",
    "months": "maanden",
    "month": "maand",
    "days": "dagen",
    "day": "dag",
    "weeks": "weken",
    "week": "week",
    "working days": "werkdagen",
    "starts_on": "begindatum",
    "ends_on": "einddatum",
    "hours": "uren per deelnemer",
    "cost": "kostprijs (met kmo-portefeuille)",
    "employed_since": "in dienst sinds",
    "area.ANT": "de provincie Antwerpen",
    "area.LIM": "de provincie Limburg",
    "area.OVL": "de provincie Oost-Vlaanderen",
    "area.WVL": "de provincie West-Vlaanderen",
    "area.RTM": "de provincie Vlaams-Brabant",
    "area.BRA": "het gebied van mtech+ Brabant",
    "area.INO": "het gebied van INOM",
    "area.INB": "het gebied van INOM Bedienden",
    "sustainable_employability": "duurzame inzetbaarheid",
    "workable_work": "werkbaar werk",
    "engaged_leadership": "geëngageerd leiderschap",
}

NUMBERS: Mapping[str, str] = {"1": "één", "2": "twee", "3": "drie", "4": "vier", "5": "vijf", "6": "zes"}
