using System.Reflection;
using Temporalio.Activities;
using Temporalio.Converters;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Activities;

/// <summary>What may be an activity, and what it is called.</summary>
public class ActivityDefinitionTests
{
    [Fact]
    public void Name_OfALocalFunction_IsTheOneInTheSource()
    {
        var captured = "x";
        [Activity]
        static string Plain() => "plain";
        [Activity]
        Task<string> WaitAsync() => Task.FromResult(captured);
        [Activity]
        static Task<T> EchoAsync<T>(T value) => Task.FromResult(value);

        ActivityDefinition.Create(Plain).Name.ShouldBe("Plain");
        ActivityDefinition.Create(WaitAsync).Name.ShouldBe("Wait");
        ActivityDefinition.Create(EchoAsync<int>).Name.ShouldBe("Echo");
    }

    [Fact]
    public void Name_OfALambda_MustBeGiven()
    {
        ActivityDefinition.Create([Activity("given")] () => 1).Name.ShouldBe("given");
        Should.Throw<ArgumentException>(() => ActivityDefinition.Create([Activity] () => 1)).Message.ShouldContain("appears to be a lambda");
    }

    [Fact]
    public void Create_OfWhatCannotBeAnActivity_SaysWhy()
    {
        [Activity("__temporal_mine")]
        static void Reserved()
        {
        }
        [Activity("named", Dynamic = true)]
        static void NamedDynamic(IRawValue[] args)
        {
        }
        [Activity(Dynamic = true)]
        static void OtherArguments(string arg)
        {
        }
        [Activity]
        static void ByReference(ref int value)
        {
        }
        static string Refusal(Delegate activity) => Should.Throw<ArgumentException>(() => ActivityDefinition.Create(activity)).Message;

        Refusal(Reserved).ShouldBe("Activity name __temporal_mine cannot start with __temporal_");
        Refusal(NamedDynamic).ShouldContain("cannot be dynamic and have custom name");
        Refusal(OtherArguments).ShouldBe("Dynamic activity must accept a required array of IRawValue");
        Refusal(ByReference).ShouldBe("Activity ByReference has disallowed ref/out parameter");
    }

    [Fact]
    public void CreateAll_WithoutAnInstanceThatOneNeeds_Throws() =>
        Should.Throw<InvalidOperationException>(() => ActivityDefinition.CreateAll<NeedsAnInstance>(null)).Message.ShouldContain("Instance not provided");

    [Fact]
    public async Task Invoke_GivesTheResult_AnEmptyValueForATask_AndTheActivitysOwnException()
    {
        [Activity]
        static void Nothing()
        {
        }
        [Activity]
        static async Task LaterAsync() => await Task.Yield();
        var throws = ActivityDefinition.Create("throws", typeof(void), [], 0, args => typeof(NeedsAnInstance).GetMethod("Throw")!.Invoke(null, args));

        (await ActivityDefinition.Create(Nothing).InvokeAsync([])).ShouldBeNull();
        (await ActivityDefinition.Create(LaterAsync).InvokeAsync([])).ShouldBe(default(ValueTuple));
        (await Should.ThrowAsync<NotSupportedException>(() => throws.InvokeAsync([]))).Message.ShouldBe("as thrown");
    }

    [Fact]
    public void Workflow_WithAReservedName_IsRefused_WithEveryReason()
    {
        var refused = Should.Throw<AggregateException>(() => WorkflowDefinition.Create(typeof(ReservedName)));
        refused.InnerExceptions.ShouldAllBe(static reason => reason is ArgumentException);
        refused.InnerExceptions.Select(static reason => reason.Message).ShouldContain("Workflow name __temporal_mine cannot start with __temporal_");
    }

    public class NeedsAnInstance
    {
        public static void Throw() => throw new NotSupportedException("as thrown");

        [Activity]
        public int Run() => 1;
    }
}
