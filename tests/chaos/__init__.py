"""The assistant with a part broken: nobody in danger goes unheard, and nobody is met with silence."""
