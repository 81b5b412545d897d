namespace Repo.Tests;

/// <summary>What <c>dotnet run --project src/Payments.Lab</c> leaves in a clone.</summary>
public sealed class FirstCommandTests
{
    /// <summary>A web project would start in its own folder and put its state there, where git sees it.</summary>
    [Fact]
    public void Lab_RunsWhereTheUserStands_AndItsStateIsIgnored()
    {
        var (exitCode, output) = Repository.Run("dotnet", "", "msbuild", "src/Payments.Lab/Payments.Lab.csproj", "-getProperty:RunWorkingDirectory")!.Value;
        exitCode.ShouldBe(0, output);
        output.Trim().ShouldBeEmpty();
        Repository.Read(".gitignore").Split('\n').ShouldContain("/.lab/");
    }
}
