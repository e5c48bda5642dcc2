"""What a person sees: real programs in real terminals, driven through tmux."""
