namespace Payments.Ingress;

/// <summary>Stops a request at the door; the middleware writes the problem.</summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
