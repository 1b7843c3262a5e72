"""What PocketSphinx hears, quiet and in noise: ``python benchmarks/speech_engine.py FOLDER``.

FOLDER holds the Debian package asterisk-core-sounds-en-wav 1.6.1. 47 words with the open language
model and with a closed list of the 47; 61 phrases with the open model. White noise of five
strengths; three draws of it for the words, one for the phrases. Some five minutes, one thread.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from machine import store
from make_prompts import PHRASES, WORDS, pack

from bmcourse import sound
from bmcourse.recipes.speech.engine import Engine

SEEDS = (0, 1, 2)
DECIBELS = (30, 20, 15, 10, 5)
MORE = {
    "agent-loggedoff": "agent logged off",
    "agent-loginok": "agent logged in",
    "agent-newlocation": "please enter a new extension followed by pound",
    "agent-pass": "please enter your password followed by the pound key",
    "all-circuits-busy-now": "all circuits are busy now",
    "auth-thankyou": "thank you",
    "call-forwarding": "call forwarding",
    "call-waiting": "call waiting",
    "cannot-complete-as-dialed": "your call cannot be completed as dialed",
    "check-number-dial-again": "please check the number and dial again",
    "conf-full": "that conference is full",
    "conf-getconfno": "please enter your conference number followed by the pound key",
    "conf-hasleft": "has left the conference",
    "conf-invalid": "that is not a valid conference number please try again",
    "conf-kicked": "you have been kicked from this conference",
    "conf-leaderhasleft": "the leader has left the conference",
    "conf-locked": "this conference is locked",
    "conf-lockednow": "the conference is now locked",
    "conf-onlyperson": "you are currently the only person in this conference",
    "conf-placeintoconf": "you will now be placed into the conference",
    "conf-waitforleader": "the conference will begin when the leader arrives",
    "confbridge-conf-end": "the conference has ended",
    "confbridge-invalid": "you have entered an invalid option",
    "confbridge-removed": "you have been removed from the conference",
    "demo-echodone": "the echo test has been completed",
    "dir-nomatch": "no directory entries match your search",
    "dir-nomore": "there are no more compatible entries in the directory",
    "dir-welcome": "welcome to the directory",
    "feature-not-avail-line": "that feature is not available on this line",
    "from-unknown-caller": "from an unknown caller",
    "im-sorry": "i'm sorry",
    "info-about-last-call": "information about your last call",
    "pls-hold-while-try": "please hold while we try to connect you",
    "please-try-call-later": "please try your call again later",
    "privacy-incorrect": "i'm sorry that number is not valid",
    "privacy-prompt": "please enter your phone number starting with the area code",
    "queue-holdtime": "the estimated hold time is currently",
    "queue-thereare": "you are currently caller number",
    "simul-call-limit-reached": "simultaneous call limit reached",
    "something-terribly-wrong": "something is terribly wrong",
    "speed-dial-empty": "the speed dial entry you've accessed is empty",
    "tt-monkeysintro": "they have been carried away by monkeys",
    "vm-enter-num-to-call": "please enter the number you wish to call",
    "vm-invalidpassword": "that is not a valid password please try again",
    "vm-mismatch": "the passwords you entered and reentered did not match please try again",
    "vm-msgsaved": "your message has been saved",
    "vm-newpassword": "please enter your new password followed by the pound key",
    "vm-nobodyavail": "nobody is available to take your call at the moment",
    "vm-nomore": "no more messages",
    "vm-passchanged": "your passwords have been changed",
    "vm-sorry": "i'm sorry i did not understand your response",
    "vm-tocancelmsg": "press star to cancel this message",
    "vm-tooshort": "your message is too short",
}


def heard(engine: Engine, waves: list[np.ndarray], decibels: int | None, seed: int) -> list[str]:
    """Return what the engine hears in each recording, with noise of its own in each."""
    texts = []
    for i, wave in enumerate(waves):
        samples = wave
        if decibels is not None:
            samples = sound.with_noise(wave, decibels, np.random.default_rng([seed, decibels, i]))
        texts.append(engine.hear(samples, 8000))
    return texts


def main() -> None:
    """Listen, and store what was heard."""
    packed = pack(Path(sys.argv[1]), "Allison")
    phrases = {name: text for name, text in (PHRASES | MORE).items() if name in packed}
    waves = {
        kind: [sound.mu_law_decode(sound.mu_law_encode(packed[name])) for name in names]
        for kind, names in (("words", WORDS), ("phrases", phrases))
    }
    engines = {"closed": Engine(list(WORDS.values())), "open": Engine()}
    words = set(" ".join(phrases.values()).split())
    result: dict[str, object] = {
        "seeds": SEEDS,
        "engine": "pocketsphinx 5.1.1, English model en-us",
        "words": list(WORDS.values()),
        "phrases": list(phrases.values()),
        "not_in_dictionary": sorted(w for w in words if not engines["open"].knows(w)),
    }
    for kind, engine, seeds in (
        ("words", "closed", SEEDS),
        ("words", "open", SEEDS[:1]),
        ("phrases", "open", SEEDS[:1]),
    ):
        table = {"quiet": [heard(engines[engine], waves[kind], None, 0)]}
        for decibels in DECIBELS:
            table[str(decibels)] = [
                heard(engines[engine], waves[kind], decibels, seed) for seed in seeds
            ]
            print(kind, engine, decibels, flush=True, file=sys.stderr)
        result[f"{kind}, {engine}"] = table
    store(__file__, result)


if __name__ == "__main__":
    main()
