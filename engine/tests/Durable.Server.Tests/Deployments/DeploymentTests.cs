using Durable.Protocol;
using Durable.Server.Deployments;
using Google.Protobuf;
using Temporalio.Api.Deployment.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Deployment = Durable.Server.Deployments.Deployment;

namespace Durable.Server.Tests.Deployments;

public class DeploymentTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly Deployment deployment = Deployment.Create("d", Start);
    private DateTimeOffset now = Start;

    public DeploymentTests()
    {
        foreach (var build in new[] { "1", "2", "3" })
        {
            deployment.Register(build, "queue", TaskQueueType.Workflow, now);
        }
    }

    [Fact]
    public void Register_TheSameQueueAgain_ChangesNothing()
    {
        var before = deployment.Copy();
        deployment.Register("1", "queue", TaskQueueType.Workflow, now + TimeSpan.FromHours(1));
        deployment.IsAs(before).ShouldBeTrue();
        deployment.Register("1", "queue", TaskQueueType.Activity, now);
        deployment.IsAs(before).ShouldBeFalse();
        deployment.Version("1").TaskQueueInfos.Count.ShouldBe(2);
    }

    [Fact]
    public void Register_MoreVersionsThanAllowed_IsRefused()
    {
        for (var build = 4; build <= 100; build++)
        {
            deployment.Register($"{build}", "queue", TaskQueueType.Workflow, now);
        }
        Should.Throw<RpcFaultException>(() => deployment.Register("101", "queue", TaskQueueType.Workflow, now)).Code.ShouldBe(RpcStatusCode.ResourceExhausted);
    }

    [Fact]
    public void Statuses_FollowTheRouting()
    {
        Statuses().ShouldBe("Inactive Inactive Inactive");
        SetCurrent("d.1");
        Statuses().ShouldBe("Current Inactive Inactive");
        SetRamping("d.2", 30);
        Statuses().ShouldBe("Current Ramping Inactive");
        // Promoted: the ramp is over.
        SetCurrent("d.2").PreviousDeploymentVersion.BuildId.ShouldBe("1");
        Statuses().ShouldBe("Draining Current Inactive");
        (deployment.Routing.RampingVersion, deployment.Routing.RampingDeploymentVersion, deployment.Routing.RampingVersionPercentage).ShouldBe(("", null, 0));
        SetRamping("d.3", 0);
        SetRamping("d.1", 10);
        Statuses().ShouldBe("Ramping Current Draining");
        SetRamping("", 0);
        SetCurrent("__unversioned__");
        Statuses().ShouldBe("Draining Draining Draining");
        deployment.Routing.RevisionNumber.ShouldBe(7);

        var first = deployment.Version("1");
        (first.FirstActivationTime < first.LastDeactivationTime).ShouldBeTrue();
        first.DrainageInfo.Status.ShouldBe(VersionDrainageStatus.Draining);
    }

    [Fact]
    public void Drained_AfterTheGrace_AndNotOnceItIsInUseAgain()
    {
        SetCurrent("d.1");
        SetCurrent("d.2");
        deployment.MaybeDrained(now + TimeSpan.FromMinutes(2)).ShouldBeEmpty();
        deployment.MaybeDrained(now + TimeSpan.FromMinutes(3)).ShouldHaveSingleItem().BuildId.ShouldBe("1");
        deployment.Drained("1", now);
        Statuses().ShouldBe("Drained Current Inactive");
        SetCurrent("d.1");
        deployment.Drained("1", now);
        Statuses().ShouldBe("Current Draining Inactive");
    }

    [Fact]
    public void ConflictToken_StaleOrOfNobody_IsRefused_RepeatedByTheSameCaller_ChangesNothing()
    {
        var first = SetCurrent("d.1");
        SetCurrent("d.1").ConflictToken.ShouldBe(first.ConflictToken);
        SetCurrent("d.2");
        var fault = Should.Throw<RpcFaultException>(() => SetCurrent("d.3", request => request.ConflictToken = first.ConflictToken));
        (fault.Code, fault.Message).ShouldBe((RpcStatusCode.FailedPrecondition, "conflict token mismatch"));
        SetCurrent("d.3", request => request.ConflictToken = deployment.ConflictToken);
        Statuses().ShouldBe("Draining Draining Current");
    }

    [Fact]
    public void VersionThatNobodyKnows_IsNotFound_UnlessItsCallerSaysThatItWillCome()
    {
        var fault = Should.Throw<RpcFaultException>(() => SetCurrent("d.4"));
        (fault.Code, fault.Message).ShouldBe((RpcStatusCode.NotFound, "build ID '4' not found in Worker Deployment 'd'"));
        SetCurrent("d.4", static request => request.AllowNoPollers = true);
        deployment.Version("4").Status.ShouldBe(WorkerDeploymentVersionStatus.Current);
        Should.Throw<RpcFaultException>(() => SetCurrent("other.1")).Code.ShouldBe(RpcStatusCode.InvalidArgument);
        Should.Throw<RpcFaultException>(() => SetRamping("d.4", 10)).Message.ShouldBe("requested ramping version d.4 is already current");
    }

    [Fact]
    public void QueueWithWork_ThatTheNextVersionDoesNotPoll_HoldsTheChange_UnlessItsCallerSaysThatItIsFine()
    {
        deployment.Register("1", "more", TaskQueueType.Workflow, now);
        SetCurrent("d.1");
        Should.Throw<RpcFaultException>(() => SetCurrent("d.2", isActive: true)).Message.ShouldContain("is missing active task queues from the current version");
        SetCurrent("d.2", static request => request.IgnoreMissingTaskQueues = true, isActive: true);
        SetCurrent("d.1");
        SetCurrent("d.2");
    }

    [Fact]
    public void Manager_AloneChangesIt()
    {
        deployment.SetManager("manager", "manager", ByteString.Empty, now);
        Should.Throw<RpcFaultException>(() => SetCurrent("d.1")).Message.ShouldStartWith("ManagerIdentity 'manager' is set and does not match user identity 'me'");
        SetCurrent("d.1", static request => request.Identity = "manager");
    }

    [Fact]
    public void DeleteVersion_InUse_IsRefused_OneThatIsGone_IsNoError()
    {
        SetCurrent("d.1");
        SetCurrent("d.2");
        string Refused(string build, bool skipDrainage = false, bool hasPollers = false) => Should.Throw<RpcFaultException>(() => Delete(build, skipDrainage, hasPollers)).Message;
        Refused("2").ShouldBe("version 'd:2' cannot be deleted since it is current or ramping");
        Refused("1").ShouldBe("version 'd:1' cannot be deleted since it is draining");
        Refused("1", skipDrainage: true, hasPollers: true).ShouldBe("version 'd:1' cannot be deleted since it has active pollers");
        Delete("1", skipDrainage: true);
        Delete("1");
        deployment.Has("1").ShouldBeFalse();
    }

    [Fact]
    public void State_Restored_IsTheSame()
    {
        SetCurrent("d.1");
        SetRamping("d.2", 12.5f);
        Deployment.Restore(deployment.ToState()).IsAs(deployment).ShouldBeTrue();
    }

    [Theory]
    [InlineData("d.1", "d:1")]
    [InlineData("d:1.0", "d:1.0")]
    [InlineData("d.1:0", "d:1:0")]
    [InlineData("__unversioned__", null)]
    public void VersionNames_OldAndNew_AreRead(string written, string? expected) => VersionNames.KeyOf(VersionNames.Parse(written)).ShouldBe(expected);

    [Theory]
    [InlineData("d")]
    [InlineData(".1")]
    [InlineData("d.")]
    [InlineData("")]
    public void VersionNames_Halves_AreRefused(string written) => Should.Throw<RpcFaultException>(() => VersionNames.Parse(written)).Code.ShouldBe(RpcStatusCode.InvalidArgument);

    private string Statuses() => string.Join(' ', new[] { "1", "2", "3" }.Select(build => deployment.Version(build).Status));

    private SetWorkerDeploymentCurrentVersionResponse SetCurrent(string version, Action<SetWorkerDeploymentCurrentVersionRequest>? configure = null, bool isActive = false)
    {
        now += TimeSpan.FromSeconds(1);
        var request = new SetWorkerDeploymentCurrentVersionRequest { Identity = "me" };
        configure?.Invoke(request);
        return deployment.SetCurrent(version, request, _ => isActive, now);
    }

    private void SetRamping(string version, float percentage)
    {
        now += TimeSpan.FromSeconds(1);
        deployment.SetRamping(version, new() { Identity = "me", Percentage = percentage }, static _ => false, now);
    }

    private void Delete(string build, bool skipDrainage = false, bool hasPollers = false) =>
        deployment.DeleteVersion(new WorkerDeploymentVersion { DeploymentName = "d", BuildId = build }, skipDrainage, "me", hasPollers);
}
