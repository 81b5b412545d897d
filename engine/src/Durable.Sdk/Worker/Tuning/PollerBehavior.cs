namespace Temporalio.Worker.Tuning;

/// <summary>How many polls a worker keeps open.</summary>
public abstract class PollerBehavior
{
    private PollerBehavior()
    {
    }

    /// <summary>A fixed number, as far as there are slots.</summary>
    public sealed class SimpleMaximum : PollerBehavior
    {
        public SimpleMaximum(int maximum) => Maximum = maximum;

        public int Maximum { get; }
    }

    /// <summary>A number that follows the load.</summary>
    public sealed class Autoscaling : PollerBehavior
    {
        public Autoscaling(int minimum = 1, int maximum = 100, int initial = 5)
        {
            Minimum = minimum;
            Maximum = maximum;
            Initial = initial;
        }

        public int Minimum { get; }

        public int Maximum { get; }

        public int Initial { get; }
    }
}
