"""The French sentences of the checks; `schemes.sentences` tells how keys and values work."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "EERDER_TRAJECT": "Cette personne a aussi été licenciée ailleurs ou auparavant : trajet {number}.",
    "EERDER_TRAJECT.double": "Le même licenciement semble déjà signalé : trajet {number}. Vérifiez s'il "
    "figure deux fois.",
    "EERDER_TRAJECT.dismissed_again_soon": "Cette personne a perdu un nouvel emploi dans les trois mois : le "
    "premier trajet {number} peut reprendre.",
    "EERDER_TRAJECT.two_employers": "Cette personne a été licenciée chez deux employeurs en même temps : voir aussi "
    "le trajet {number}. Les deux se poursuivent.",
    "BIJLAGE_ONTBREEKT.invoice": "La facture du prestataire de la formation manque.",
    "BIJLAGE_ONTBREEKT.proof_of_payment": "La preuve de paiement manque.",
    "BIJLAGE_ONTBREEKT.attendance": "Il n'y a ni liste de présence signée ni attestation de participation.",
    "BIJLAGE_ONTBREEKT.programme": "Le programme de la formation manque.",
    "BIJLAGE_ONTBREEKT.quote": "Le devis manque.",
    "BIJLAGE_ONTBREEKT.learning_plan": "Le plan d'apprentissage manque.",
    "BIJLAGE_ONTBREEKT.mentor_proof": "Rien ne prouve que l'accompagnateur a suivi une formation de mentor.",
    "BIJLAGE_ONTBREEKT.hour_log": "Le relevé des heures de la formation sur le lieu de travail manque.",
    "BIJLAGE_ONTBREEKT.registration_proof": "La preuve d'inscription manque.",
    "BIJLAGE_ONTBREEKT.plan": "Le plan manque.",
    "BIJLAGE_ONTBREEKT.budget": "Le budget manque.",
    "BIJLAGE_ONTBREEKT.participant_list": "La liste des participants manque.",
    "BIJLAGE_ONTBREEKT.works_council_advice": "L'avis du conseil d'entreprise manque.",
    "BIJLAGE_ONTBREEKT": "Une annexe obligatoire manque.",
    "UREN_TE_WEINIG.formal": "La formation compte {hours:number} heures par participant. "
    "Le minimum est de {minimum:number} heures pour une formation formelle.",
    "UREN_TE_WEINIG.informal": "La formation compte {hours:number} heures par participant. "
    "Le minimum est de {minimum:number} heures pour une formation informelle.",
    "UREN_TE_WEINIG.transition": "Le trajet compte {hours:number} heures par participant. "
    "Pour le soutien à la transition, le minimum est de {minimum:number} heures.",
    "UREN_TE_VEEL": "La formation compte {hours:number} heures par participant. "
    "Le maximum est de {maximum:number} heures pour une formation informelle.",
    "TE_LAAT_INGEDIEND": "La formation s'est terminée le {ends_on:date}. La demande est arrivée le {filed_on:date}; "
    "c'est plus de {term:term} après la fin.",
    "UITZENDKRACHT": "{who} est intérimaire. Seul le personnel sous contrat avec l'entreprise compte.",
    "UITZENDKRACHT.many": "{who} sont intérimaires. Seul le personnel sous contrat avec l'entreprise compte.",
    "ZAAKVOERDER": "{who} est gérant. Les gérants n'ont pas droit au soutien à la formation.",
    "ZAAKVOERDER.many": "{who} sont gérants. Les gérants n'ont pas droit au soutien à la formation.",
    "IBAN_FOUT": "Le numéro de compte {iban} n'est pas correct: les chiffres de contrôle sont faux. "
    "Indiquez le bon numéro.",
    "IBAN_FOUT.unnamed": "Le numéro de compte n'est pas correct: les chiffres de contrôle sont faux. "
    "Indiquez le bon numéro.",
    "BUITEN_PROVINCIE": "L'établissement se trouve à {postcode} {municipality}, hors de {own:area}. "
    "La demande est pour {fund:fund}.",
    "BUITEN_PROVINCIE.none": "L'établissement se trouve à {postcode} {municipality}, hors de {own:area}. "
    "Aucun des huit fonds n'y est compétent.",
    "DUBBELE_AANVRAAG": "Cette formation avec les mêmes participants a déjà été demandée dans le dossier "
    "{duplicate_of}.",
    "EINDE_VOOR_BEGIN": "La date de fin {ends_on:date} précède la date de début {starts_on:date}.",
    "DATUM_IN_TOEKOMST": "La date {day:date} est dans le futur; la formation aurait déjà été suivie.",
    "DATUM_IN_TOEKOMST.birth": "La date de naissance {birth_date:date} de {who} est dans le futur.",
    "DATUM_IN_TOEKOMST.birth.unnamed": "La date de naissance de {who} est dans le futur.",
    "BEDRAG_TYPFOUT.comma": "Le montant demandé de {asked:euro} euros dépasse le coût de {cost:euro} euros. "
    "La virgule est-elle au bon endroit?",
    "BEDRAG_TYPFOUT.cost": "Le montant demandé de {asked:euro} euros dépasse le coût de {cost:euro} euros. "
    "Le coût est-il exact?",
    "BEDRAG_TYPFOUT.wallet": "Le montant demandé de {asked:euro} euros dépasse le coût de {cost:euro} euros moins "
    "le portefeuille PME de {sme_wallet:euro} euros.",
    "BEDRAG_TYPFOUT.hours": "Le montant demandé de {asked:euro} euros dépasse le montant maximal pour ces heures et "
    "ces participants ({highest:euro} euros).",
    "BEDRAG_ONLEESBAAR": "Le montant '{asked_as_typed}' est illisible: il contient des lettres.",
    "BEDRAG_ONLEESBAAR.unnamed": "Le montant demandé est illisible. Indiquez-le de nouveau.",
    "GEGEVEN_ONTBREEKT": "Ceci manque ou est illisible: {missing:fields}. Complétez.",
    "DEELNEMERS_KLOPPEN_NIET": "Le formulaire mentionne {stated:number} participants, la liste en compte "
    "{lines:number}. Quel nombre est exact?",
    "DEELNEMERS_KLOPPEN_NIET.none": "Les participants manquent. Complétez la liste.",
    "NIET_IN_SECTOR": "Pour utiliser un compte carrière, il faut travailler dans le secteur au plus tard le dernier "
    "jour. L'emploi a commencé le {employed_since:date}, après la fin le {ends_on:date}.",
    "TE_VER_TERUG": "La formation s'est terminée le {ends_on:date}. Une demande du {filed_on:date} remonte au plus tôt "
    "au 1er janvier {first_year}.",
    "GEEN_OMSCHOLING": "Les participants gardent la même fonction. C'est une formation ordinaire: la demande devient "
    "un dossier de subside.",
    "GEEN_EXTERNE_EXPERT": "Il n'y a pas d'expert externe. Le plan se fait au préalable avec le fonds et l'expert.",
    "GEEN_EXTERNE_EXPERT.begun": "Il n'y a pas d'expert externe et le trajet a commencé le {starts_on:date}, avant la "
    "demande du {filed_on:date}. Le plan se fait au préalable avec le fonds et l'expert.",
    "AL_BEGONNEN": "Le trajet a commencé le {starts_on:date}, avant la demande du {filed_on:date}. Vérifiez si le "
    "plan a été fait au préalable avec le fonds et l'expert.",
    "ADVIES_ONTBREEKT": "L'avis du conseil d'entreprise ou de la délégation syndicale n'a pas été demandé.",
    "BEGROTING_KLOPT_NIET": "Le budget totalise {total:euro} euros, la demande mentionne un coût total de "
    "{stated:euro} euros.",
    "SCHIJVEN_KLOPPEN_NIET": "Les tranches totalisent {total:euro} euros, la demande porte sur {stated:euro} euros.",
    "DIT_IS_OPLEIDING": "Le budget est surtout de la formation, pour {people:number} participants. C'est une formation "
    "et pas un projet: la demande devient un dossier de subside.",
    "GEEN_HEFBOOM": "La demande n'entre dans aucun des trois leviers: employabilité durable, travail faisable ou "
    "leadership engagé.",
    "HEFBOOM_LOOPT_AL": "Cette entreprise a déjà un projet en cours dans le levier {lever:lever} ({running}, jusqu'au "
    "{until:date}). Un projet en cours par levier est le maximum.",
    "HEFBOOM_LOOPT_AL.open": "Cette entreprise a déjà un projet en cours dans le levier {lever:lever} ({running}). "
    "Un projet en cours par levier est le maximum.",
    "PROJECT_AL_AFGEROND": "Le projet a couru du {starts_on:date} au {ends_on:date} et était terminé avant la demande "
    "du {filed_on:date}. Un soutien après coup n'est pas possible.",
    "PERSONEEL_ONBEKEND": "L'effectif au {day:date} n'est pas connu. Voyez vous-même quel budget il reste à cette "
    "entreprise cette année.",
    "OFFERTES_TE_WEINIG": "Il y a {quotes:number} devis. Au-dessus de {above:euro} euros, il en faut {needed:number}.",
    "TERMIJN_TE_LANG": "Le projet court du {starts_on:date} au {ends_on:date}; c'est plus de {months:number} mois. "
    "Vérifiez si une prolongation a été demandée.",
    "FACTUUR_EN_UREN": "Les factures demandent {invoiced:euro} euros. La convention et {registered:number} heures "
    "enregistrées de {people:number} participants qui ont commencé justifient {justified:euro} euros : "
    "{difference:euro} euros de moins. Des heures manquent pour {hours_missing:number} d'entre eux ; "
    "{no_agreement:number} ont commencé un jour sans convention.",
    "FACTUUR_EN_UREN.no_hours": "Les factures demandent {invoiced:euro} euros, mais aucune heure n'est enregistrée "
    "pour {people:number} participants qui ont commencé. Demandez les heures au bureau avant de confirmer.",
    "FACTUUR_PERSOON.price": "{invoiced:euro} euros sont facturés pour {trajectory}. Le prix convenu pour "
    "{hours:number} heures est de {justified:euro} euros.",
    "FACTUUR_PERSOON.hours_missing": "{invoiced:euro} euros sont facturés pour {trajectory}. {hours:number} heures "
    "sont enregistrées, trop peu pour le prix entier : {justified:euro} euros sont justifiés.",
    "FACTUUR_PERSOON.no_agreement": "{invoiced:euro} euros sont facturés pour {trajectory}, mais il n'y avait pas de "
    "convention avec le bureau le premier jour.",
    "FACTUUR_PERSOON.not_started": "{invoiced:euro} euros sont facturés pour {trajectory}, mais cet accompagnement "
    "n'a pas commencé.",
    "FACTUUR_ANDER_PERSOON": "Les factures comptent {invoiced:euro} euros pour {count:number} personnes qui ne sont "
    "pas dans ce dossier.",
}

WORDS: Mapping[str, str] = {
    "and": "et",
    "participant": "participant",
    "months": "mois",
    "month": "mois",
    "days": "jours",
    "day": "jour",
    "weeks": "semaines",
    "week": "semaine",
    "working days": "jours ouvrables",
    "starts_on": "date de début",
    "ends_on": "date de fin",
    "hours": "heures par participant",
    "cost": "coût (et portefeuille PME)",
    "employed_since": "date d'entrée en service",
    "area.ANT": "la province d'Anvers",
    "area.LIM": "la province de Limbourg",
    "area.OVL": "la province de Flandre-Orientale",
    "area.WVL": "la province de Flandre-Occidentale",
    "area.RTM": "la province du Brabant flamand",
    "area.BRA": "la zone de mtech+ Brabant",
    "area.INO": "la zone d'INOM",
    "area.INB": "la zone d'INOM Bedienden",
    "sustainable_employability": "employabilité durable",
    "workable_work": "travail faisable",
    "engaged_leadership": "leadership engagé",
}

NUMBERS: Mapping[str, str] = {"1": "un", "2": "deux", "3": "trois", "4": "quatre", "5": "cinq", "6": "six"}
