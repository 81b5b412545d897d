using Payments.Lab.Traffic;

namespace Payments.Lab.Tests.Traffic;

public sealed class PaymentRowTests
{
    [Fact]
    public void Make_Twice_GivesTheSameRowsAndTheyReadBack()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "payments.csv");

        PaymentRow.Write(path, PaymentRow.Make(1000));

        PaymentRow.Read(path).ShouldBe(PaymentRow.Make(1000));
        PaymentRow.Make(1000).Select(row => row.Id).Distinct().Count().ShouldBe(1000);
    }

    [Theory]
    [InlineData("a,b,c")]
    [InlineData("a,1")]
    [InlineData("a,-1,c")]
    public void Read_ARowOfAnotherShape_NamesItsLine(string row)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "payments.csv");
        File.WriteAllLines(path, ["id,amount,description", "ok,1,ok", row]);

        Should.Throw<LabException>(() => PaymentRow.Read(path)).Message.ShouldContain("line 3");
    }
}
