"""Sound as numbers: WAV files, spectra, cepstra, noise, distances of rows. NumPy only."""

from bmcourse.sound.cepstra import cepstra, cosine_transform, log_mel
from bmcourse.sound.edit_distance import Errors, edit_table, word_errors
from bmcourse.sound.fourier import dft, dft_matrix
from bmcourse.sound.frames import frames, hann, spectrogram
from bmcourse.sound.mel import hertz_to_mel, mel_filters, mel_to_hertz
from bmcourse.sound.mu_law import mu_law_decode, mu_law_encode
from bmcourse.sound.noise import with_noise
from bmcourse.sound.player import play
from bmcourse.sound.warping import warped_distance
from bmcourse.sound.wav import read_wav, wav_bytes

__all__ = [
    "Errors",
    "cepstra",
    "cosine_transform",
    "dft",
    "dft_matrix",
    "edit_table",
    "frames",
    "hann",
    "hertz_to_mel",
    "log_mel",
    "mel_filters",
    "mel_to_hertz",
    "mu_law_decode",
    "mu_law_encode",
    "play",
    "read_wav",
    "spectrogram",
    "warped_distance",
    "wav_bytes",
    "with_noise",
    "word_errors",
]
