"""The eight funds: their numbers pass the checks of the registers that gave them out."""

import pytest
from schwifty import BIC, IBAN
from stdnum.be import iban as belgian_iban
from stdnum.be import vat

import policies
from models.messages.words import Fund
from policies.legal_persons import LegalPerson


@pytest.fixture(params=list(Fund), ids=[fund.name for fund in Fund])
def fund(request: pytest.FixtureRequest) -> LegalPerson:
    return policies.funds()[request.param]


def test_the_enterprise_number_is_valid(fund: LegalPerson) -> None:
    assert vat.is_valid(fund.enterprise_number)


def test_the_account_is_valid_in_europe_and_in_belgium(fund: LegalPerson) -> None:
    assert IBAN(fund.iban, validate_bban=True).country_code == "BE"
    assert belgian_iban.is_valid(fund.iban)


def test_the_bank_code_belongs_to_the_account(fund: LegalPerson) -> None:
    assert BIC(fund.bic).country_code == "BE"
    assert belgian_iban.to_bic(fund.iban) == fund.bic


def test_no_mail_address_can_exist_by_accident(fund: LegalPerson) -> None:
    assert fund.email.endswith(".example")


def test_no_two_funds_share_a_number_or_an_account() -> None:
    persons = policies.funds().values()
    assert len({person.enterprise_number for person in persons}) == len(Fund)
    assert len({person.iban for person in persons}) == len(Fund)
