"""Under which numbers the person behind a case is called."""

from apps.requests.policies import asks_own_contact


def numbers_of(card_request, *, at):
    """(words, number): the one on the form, and that of the roster where it is another one.

    A guardian whose part is over is not called.
    """
    is_over = card_request.is_handed_over(at)
    person = card_request.holder if is_over else getattr(card_request.applicant, "holder", None)
    found = [("手机号（人事名册）", person.phone if person else "")]
    if not asks_own_contact(card_request, at=at):
        found.insert(0, ("手机号（申请里填的）", card_request.particulars.phone))
    known: dict[str, str] = {}
    for words, number in found:
        if number:
            known.setdefault(number, words)
    return [(words, number) for number, words in known.items()]
