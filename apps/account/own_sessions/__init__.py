"""Where one is signed in, signing out there, and the end of a session of the desk that rests."""
