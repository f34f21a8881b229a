# ruleid: mvar_pattern_name
def run():
    pass
def main():
    pass
