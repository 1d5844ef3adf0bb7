"""The example registers: a stand-in for the four source registers, with a real HTTP server in the contract's form.

Everything is invented but the names, codes and rough places of the municipalities. Every record is full of fictional persons,
whose names are unmistakable markers (`Xanthippa-Zz4821 Qwrtzmans4821`): one of them in any output is a leak. What the registers hold on a
day follows from the seed and the day alone. The package knows nothing of the publisher and imports nothing of it.
"""
