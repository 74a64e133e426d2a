// Nothing of its own: the precompiled header of ui/ needs a target to be made in.
