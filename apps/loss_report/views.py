from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def guide(request):
    """办事指南, readable by everybody."""
    return render(request, "loss_report/guide.html")
