using Payments.Lab.Traffic;

namespace Payments.Lab.Tests.Traffic;

public sealed class LoadDriverTests
{
    [Fact]
    public async Task Run_SomeCallsFail_CountsThemApart()
    {
        var calls = 0;
        using var enough = new CancellationTokenSource();

        var result = await LoadDriver.RunAsync(4, TimeSpan.FromMinutes(1), async (_, _) =>
        {
            var number = Interlocked.Increment(ref calls);
            if (number == 100)
            {
                await enough.CancelAsync();
            }
            return number % 2 == 0 ? true : throw new HttpRequestException();
        }, enough.Token);

        result.Calls.ShouldBe(calls);
        result.Failed.ShouldBeInRange(1, result.Calls - 1);
        result.P50.ShouldBeLessThanOrEqualTo(result.P99);
    }
}
