def wait(seconds, pause):
    if seconds < 0:
        seconds = 0
    sleep(seconds)
    pause = 0
    # ruleid: param_not_constant
    sleep(pause)
