"""Does a text message fit into one SMS, or is it cut, or sent in pieces?"""

_GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO_PLACES = "^{}\\[~]|€"
GSM_PLACES = 160
OTHER_PLACES = 70


def is_plain(text: str) -> bool:
    """Say whether every letter is in the GSM alphabet, so that 160 places and not 70 fit into one SMS.

    >>> is_plain("è à ì ò ù"), is_plain("È"), is_plain("ț")
    (True, False, False)
    """
    return all(letter in _GSM or letter in _TWO_PLACES for letter in text)


def fits_one_text(text: str) -> bool:
    """Say whether the whole text goes out as one SMS."""
    if not is_plain(text):
        return len(text.encode("utf-16-be")) // 2 <= OTHER_PLACES
    return sum(2 if letter in _TWO_PLACES else 1 for letter in text) <= GSM_PLACES
