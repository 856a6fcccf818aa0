def named(user):
    """The name by which colleagues see `user`: the name, or the employee number without one.

    Select `holder` along.
    """
    holder = getattr(user, "holder", None)
    return holder.name if holder else f"工号 {user.employee_number}"
