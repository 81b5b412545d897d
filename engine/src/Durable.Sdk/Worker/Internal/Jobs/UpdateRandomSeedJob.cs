namespace Temporalio.Worker.Internal.Jobs;

/// <summary>The run was reset.</summary>
internal sealed class UpdateRandomSeedJob(ulong randomSeed) : ActivationJob(RandomSeed)
{
    public ulong Seed => randomSeed;
}
