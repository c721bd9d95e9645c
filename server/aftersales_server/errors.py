"""What the person at the terminal has to know when the platform can't start or go on."""


class OperatorError(Exception):
    """One sentence that says what is wrong and what to do; the CLI prints it and exits with `exit_code`."""

    exit_code = 1

    def __init__(self, sentence: str, *, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail
