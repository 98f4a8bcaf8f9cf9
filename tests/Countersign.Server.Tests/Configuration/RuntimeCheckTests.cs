using Countersign.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Configuration;

public sealed class RuntimeCheckTests
{
    [Theory]
    [InlineData("10.0.6", "10.0.7", "Microsoft.NETCore.App")]
    [InlineData("10.0.7", "10.0.6", "Microsoft.AspNetCore.App")]
    [InlineData("10.0.0", null, "Microsoft.NETCore.App")]
    [InlineData("9.0.99", "10.0.12", "Microsoft.NETCore.App")]
    [InlineData("10.0.7", "10.0.7", null)]
    [InlineData("10.0.12", null, null)]
    [InlineData("10.1.0", "11.0.0", null)]
    public void Run_Versions_TheOldOneIsNamed(string runtime, string? aspNetCore, string? named)
    {
        var reading = new ConfigurationReading(new ConfigurationBuilder().Build(), "/");

        RuntimeCheck.Run(reading, Version.Parse(runtime), aspNetCore is null ? null : Version.Parse(aspNetCore));

        Assert.Equal(named, reading.Faults.SingleOrDefault()?.Source);
        Assert.All(reading.Faults, fault => Assert.Contains("10.0.7 or newer", fault.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void AspNetCoreVersion_OfThisProcess_IsKnown() => Assert.True(RuntimeCheck.AspNetCoreVersion >= new Version(10, 0, 0));
}
