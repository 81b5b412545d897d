namespace Temporalio.Workflows;

/// <summary>Whether a command goes to a worker of a compatible build id.</summary>
[Obsolete("Worker versioning by build id sets is gone; use worker deployments")]
public enum VersioningIntent
{
    Unspecified = 0,

    Compatible = 1,

    CurrentDefault = 2,
}
