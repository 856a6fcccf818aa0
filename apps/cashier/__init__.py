"""模拟收银台: a payment platform of our own, to try the whole path without a contract.

It acts as an outside party. It learns of an order only from the signed link that the browser
brings, reports results only by signed HTTP calls, has its own private key and only the public key
of the portal, and shares no row with the portal's payments. Its protocol is that of Alipay's
gateway (page pay, query, close, refund, notifications until the answer is "success"), so it
exercises the same code that talks to Alipay.
"""
