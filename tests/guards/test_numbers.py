"""Could a number in the repository be a real person's?"""

import re

from tests.guards.files import shown, texts

# Anything written like an international number, or like an Italian mobile number without its prefix.
LIKE_A_NUMBER = re.compile(
    r"(?<![\w.+])(?:(?:\+|00)[1-9](?:[ .-]?\d){7,14}|3[2-9]\d[ .-]?\d{3}[ .-]?\d{3,4})(?!\w)", re.ASCII
)
NOBODYS = re.compile(
    r".*0000"  # invented
    r"|39[18]"  # Italian service and premium numbers: no person has one
    r"|1\d{3}55501"  # the American numbers reserved for fiction
    r"|266696687|7378742833|86282452253"  # ANONYMOUS, RESTRICTED, UNAVAILABLE as Twilio spells them
    r"|14158675310|18005551212"  # in Twilio's own published example of a signature
    r"|39078133000"  # the line itself
    r"|390223272327|3511376335"  # published by Telefono Amico and ARCI
)
GENERATED = (".lock", ".svg", ".wav", ".png")


def test_every_number_is_invented_or_published() -> None:
    suspicious = []
    for path, text in texts():
        if path.name.endswith(GENERATED) or path.name == "LICENSE":
            continue
        for match in LIKE_A_NUMBER.finditer(text):
            digits = re.sub(r"\D", "", match[0]).removeprefix("00")
            if not NOBODYS.match(digits):
                line = text.count("\n", 0, match.start()) + 1
                suspicious.append(f"{shown(path)}:{line} {match[0]}")
    assert not suspicious, "invented numbers have at least four zeros in a row: +39 340 0000001"
