namespace Countersign.Server.Tests.Hosting;

/// <summary>The framework's switch that trusts the forwarded headers of everybody.</summary>
public sealed class FrameworkSwitchTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("ASPNETCORE_FORWARDEDHEADERS_ENABLED")]
    [InlineData("DOTNET_FORWARDEDHEADERS_ENABLED")]
    [InlineData("FORWARDEDHEADERS_ENABLED")]
    public async Task Serve_SwitchIsOn_DoesNotStart(string name)
    {
        var (exitCode, _, error) = await ServerProcess.RunAsync(
            _directory.Path, ["serve"], environment: new Dictionary<string, string>(StringComparer.Ordinal) { [name] = "true" });

        Assert.Equal(1, exitCode);
        Assert.Contains("Auth:TrustedProxies", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task Serve_SwitchInTheSettingsFile_DoesNotStart()
    {
        await File.WriteAllTextAsync(_directory.File("appsettings.json"), """{"ForwardedHeaders_Enabled":true}""");

        var (exitCode, _, error) = await ServerProcess.RunAsync(_directory.Path, ["serve"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("Auth:TrustedProxies", error, StringComparison.Ordinal);
    }
}
