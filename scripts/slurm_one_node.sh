#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Slurm on this machine alone, to try job arrays (scripts/test_shards.sh): Debian's slurmctld, slurmd, slurm-client
# and munge, in their simplest form. As root, on a machine whose Slurm is nobody else's: it writes
# /etc/slurm/slurm.conf. "stop" ends the daemons.
set -euo pipefail
if [ "${1:-start}" = stop ]; then
  for pid in /run/slurmd.pid /run/slurmctld.pid /run/munge/munged.pid; do
    [ -f $pid ] && kill "$(cat $pid)"
  done
  exit 0
fi
if [ -f /etc/slurm/slurm.conf ] && ! grep -q '^ClusterName=nvdla_one$' /etc/slurm/slurm.conf; then
  echo "/etc/slurm/slurm.conf is there already" >&2
  exit 1
fi
host=$(hostname -s)
mkdir -p /etc/slurm /var/spool/slurmctld /var/spool/slurmd /run/munge
cat > /etc/slurm/slurm.conf <<CONF
ClusterName=nvdla_one
SlurmctldHost=$host
SlurmUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SlurmctldPidFile=/run/slurmctld.pid
SlurmdPidFile=/run/slurmd.pid
SlurmdSpoolDir=/var/spool/slurmd
StateSaveLocation=/var/spool/slurmctld
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
NodeName=$host CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
chown munge:munge /run/munge
chmod 755 /run/munge
[ -f /run/munge/munged.pid ] || runuser -u munge -- /usr/sbin/munged
slurmctld
sleep 2
slurmd
sleep 2
sinfo
