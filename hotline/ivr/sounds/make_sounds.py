"""How do the tones that callers hear come about? Run this file: it writes the WAV files beside it again."""

import math
import tomllib
import wave
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

RATE = 8000
"""Samples a second: what a telephone carries."""

# Each sound is a list of (frequency in hertz, seconds, loudness 0 to 1); frequency 0 is silence.
Note = tuple[float, float, float]
SOUNDS: dict[str, tuple[Note, ...]] = {
    "ringing.wav": ((425, 1.0, 0.25),),
    "soft.wav": ((392, 1.0, 0.12),),
    "joining.wav": ((392, 0.35, 0.14), (523.25, 0.55, 0.14)),
}
_FADE_SECONDS = {"ringing.wav": 0.01, "soft.wav": 0.3, "joining.wav": 0.12}


def sound_bytes(notes: Iterable[Note], fade_seconds: float) -> bytes:
    """Return a mono 8-bit WAV of the notes, each with a soft beginning and end."""
    samples = bytearray()
    for frequency, seconds, loudness in notes:
        samples.extend(_samples(frequency, seconds, loudness, fade_seconds))
    file = BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(1)
        wav.setframerate(RATE)
        wav.writeframes(bytes(samples))
    return file.getvalue()


def write_sounds(folder: Path) -> tuple[Path, ...]:
    """Write every tone of the hold into a folder and return the files."""
    written = []
    for name, notes in SOUNDS.items():
        path = folder / name
        path.write_bytes(sound_bytes(notes, _FADE_SECONDS[name]))
        written.append(path)
    return tuple(written)


def write_stand_ins(wording_file: Path) -> tuple[Path, ...]:
    """Write a short tone for every recording that an audio-only wording file names, each of its own pitch."""
    prompts = tomllib.loads(wording_file.read_text(encoding="utf-8"))["prompts"]
    folder = wording_file.with_suffix("")
    folder.mkdir(exist_ok=True)
    written = []
    for prompt in prompts.values():
        for name in [prompt["audio"]] if isinstance(prompt["audio"], str) else prompt["audio"]:
            if not name.startswith("{"):
                pitch = 300 + zlib.crc32(name.encode()) % 400
                (folder / name).write_bytes(sound_bytes([(pitch, 0.12, 0.15)], 0.03))
                written.append(folder / name)
    return tuple(written)


def _samples(frequency: float, seconds: float, loudness: float, fade_seconds: float) -> Iterable[int]:
    count = round(seconds * RATE)
    fade = max(1, round(fade_seconds * RATE))
    for place in range(count):
        edge = min(1.0, place / fade, (count - place) / fade)
        height = loudness * edge * math.sin(2 * math.pi * frequency * place / RATE)
        yield 128 + round(127 * height)


if __name__ == "__main__":
    here = Path(__file__).parent
    ladin = here.parents[1] / "profiles" / "valdombra" / "wording" / "callers" / "lld.toml"
    print(f"{len(write_sounds(here))} tones and {len(write_stand_ins(ladin))} stand-ins written.")
