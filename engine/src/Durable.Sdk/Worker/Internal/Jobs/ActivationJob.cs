namespace Temporalio.Worker.Internal.Jobs;

/// <summary>Something that has happened, for the workflow to apply.</summary>
/// <param name="order">Jobs of one activation are sorted by it, stably: the order in which histories were made.</param>
internal abstract class ActivationJob(int order)
{
    public const int Initialize = 0;
    public const int Patch = 1;
    public const int RandomSeed = 2;
    public const int SignalOrUpdate = 3;
    public const int Other = 4;
    public const int LocalActivity = 5;
    public const int Query = 6;

    public int Order => order;
}
