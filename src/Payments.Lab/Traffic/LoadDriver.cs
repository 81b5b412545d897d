using System.Diagnostics;

namespace Payments.Lab.Traffic;

/// <summary>So many callers, each calling again as soon as it is answered.</summary>
public static class LoadDriver
{
    /// <param name="call">Gets the caller and the number of its call; says whether it went well.</param>
    public static async Task<LoadResult> RunAsync(int callers, TimeSpan duration, Func<int, long, Task<bool>> call, CancellationToken cancellation = default)
    {
        var start = Stopwatch.GetTimestamp();
        var results = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
            async () =>
            {
                var times = new List<double>(4096);
                long failed = 0;
                for (long i = 0; Stopwatch.GetElapsedTime(start) < duration && !cancellation.IsCancellationRequested; i++)
                {
                    var at = Stopwatch.GetTimestamp();
                    bool well;
                    try
                    {
                        well = await call(caller, i).ConfigureAwait(false);
                    }
                    catch (HttpRequestException)
                    {
                        // Counted, not hidden: a load that fails is part of the result.
                        well = false;
                    }
                    times.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                    failed += well ? 0 : 1;
                }
                return (times, failed);
            },
            // A caller that has not begun yet ends by itself, so that the others' results are not lost.
            CancellationToken.None))).ConfigureAwait(false);
        var took = Stopwatch.GetElapsedTime(start);
        var all = results.SelectMany(result => result.times).Order().ToArray();
        return new LoadResult(callers, all.Length, results.Sum(result => result.failed), took, At(all, 0.50), At(all, 0.95), At(all, 0.99));
    }

    private static double At(double[] sorted, double quantile) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * quantile))];
}
