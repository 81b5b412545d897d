namespace Payments.Workflows.Tests;

public class PaymentStateTests
{
    public static TheoryData<string, PaymentEvent> Everything()
    {
        var data = new TheoryData<string, PaymentEvent>();
        foreach (var state in PaymentStatuses.Listed.Append(PaymentStatuses.Empty))
        {
            foreach (var happened in Enum.GetValues<PaymentEvent>())
            {
                data.Add(state, happened);
            }
        }
        return data;
    }

    // Every pair: those in the table move, all others are told as bugs with state and event.
    [Theory]
    [MemberData(nameof(Everything))]
    public void Apply_StateAndEvent_OnlyAsTheTableSays(string from, PaymentEvent happened)
    {
        var state = new PaymentState(from);
        var row = PaymentState.Transitions.Where(t => t.State == from && t.Event == happened).ToList();

        if (row.Count == 0)
        {
            var bug = Should.Throw<InvalidOperationException>(() => state.Apply(happened));
            bug.Message.ShouldContain(from);
            bug.Message.ShouldContain(happened.ToString());
        }
        else
        {
            state.Apply(happened);
            state.Current.ShouldBe(row.Single().Next);
        }
    }

    [Fact]
    public void Transitions_Captured_NeverLeaveMoneyBehind() =>
        PaymentState.Transitions.Where(t => new PaymentState(t.State).IsCaptured).ShouldAllBe(t => new PaymentState(t.Next).IsCaptured);
}
