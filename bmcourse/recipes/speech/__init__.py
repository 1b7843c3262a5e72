"""Speech: vowels of fifteen speakers, one digit by another's voice, and an engine that listens."""
