"""Where an address lies, in words by which its owner recognises it. No table of places is used."""

import ipaddress

from django.conf import settings

# Bits of an address that name its network: the rest is the one machine.
_SHOWN = {4: 16, 6: 48}


def name_of(ip):
    """校园网, by settings.NAMED_NETWORKS; else whether the address is inside or on the internet."""
    address = ipaddress.ip_address(ip)
    address = getattr(address, "ipv4_mapped", None) or address
    for name, networks in settings.NAMED_NETWORKS.items():
        if any(address in ipaddress.ip_network(network) for network in networks.split("|")):
            return name
    if address.is_loopback:
        return "本机"
    return "内部网络" if address.is_private else "互联网"


def in_words(ip):
    """校园网（10.23.*.*）: the name and the network, without the one machine."""
    address = ipaddress.ip_address(ip)
    address = getattr(address, "ipv4_mapped", None) or address
    network = ipaddress.ip_network(f"{address}/{_SHOWN[address.version]}", strict=False)
    if address.version == 4:
        first, second, *_ = str(network.network_address).split(".")
        return f"{name_of(ip)}（{first}.{second}.*.*）"
    return f"{name_of(ip)}（{network}）"
