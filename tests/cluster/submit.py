"""Runs the Spark job on a cluster that `cluster.py` started: submit.py FOLDER MASTER EXECUTORS ARGUMENT...

Executors of one core each. The program is found on every worker's PATH, and prints the job.
"""

import os
import sys

from cluster import command_and_environment

if __name__ == "__main__":
    folder, master, executors, *arguments = sys.argv[1:]
    settings = {"spark.executor.cores": "1", "spark.cores.max": executors}
    command, environment = command_and_environment("callaudit", folder, master, arguments, settings)
    os.execvpe(command[0], command, environment)
