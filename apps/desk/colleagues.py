def named(user):
    """How a colleague is named to another: by name, or by employee number without one.

    Select `holder` along.
    """
    holder = getattr(user, "holder", None)
    return holder.name if holder else f"工号 {user.employee_number}"
