namespace Payments.Lab.Watch;

/// <summary>What can be done to one process of a running lab.</summary>
internal static class LabActions
{
    public const string Restart = "restart";

    /// <summary>SIGKILL; it stays down.</summary>
    public const string Kill = "kill";

    public const string Start = "start";

    /// <summary>SIGSTOP: alive, and silent.</summary>
    public const string Pause = "pause";

    public const string Resume = "resume";

    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        [Restart] = "Stops one process in good order and starts it again.",
        [Kill] = "Kills one process (SIGKILL); it stays down until it is started.",
        [Start] = "Starts one process that is down.",
        [Pause] = "Freezes one process (SIGSTOP): it lives and says nothing.",
        [Resume] = "Lets a frozen process go on.",
    };
}
