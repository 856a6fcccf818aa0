"""模拟收银台: a payment platform of our own, to try the whole path without a contract.

It stands on the other side of the wire. It knows an order only from the signed link that the
browser brings, tells its fate only by signed HTTP calls, holds its own private key and of the
portal only the public one, and shares no row with the portal's payments. It speaks the dialect of
Alipay's gateway (page pay, query, close, refund, notifications until the answer is "success"), so
the very code that will talk to Alipay is exercised against it.
"""
