using System.Reflection;
using Countersign.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Configuration;

public sealed class RuntimeCheckTests
{
    [Theory]
    [InlineData(-1, 0, "Microsoft.NETCore.App")]
    [InlineData(0, -1, "Microsoft.AspNetCore.App")]
    [InlineData(-1, null, "Microsoft.NETCore.App")]
    [InlineData(0, 0, null)]
    [InlineData(0, null, null)]
    [InlineData(1, 2, null)]
    public void Run_Versions_TheOldOneIsNamed(int runtime, int? aspNetCore, string? named)
    {
        var reading = new ConfigurationReading(new ConfigurationBuilder().Build(), "/");

        RuntimeCheck.Run(reading, FromFloor(runtime), aspNetCore is { } offset ? FromFloor(offset) : null);

        Assert.Equal(named, reading.Faults.SingleOrDefault()?.Key);
        Assert.All(reading.Faults, fault => Assert.Contains($"{RuntimeCheck.Floor} or newer", fault.Remedy, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10.0.6")]
    [InlineData("9.0.99")]
    public void Run_KnownHoles_IsNamed(string version)
    {
        var reading = new ConfigurationReading(new ConfigurationBuilder().Build(), "/");

        RuntimeCheck.Run(reading, Version.Parse(version), aspNetCore: null);

        Assert.Single(reading.Faults);
    }

    /// <summary>The packages' version, unless the SDK that built this is older: nobody moves the floor by hand.</summary>
    [Fact]
    public void Floor_OfThisBuild_IsTheVersionOfThePackagesOrOfTheSdk()
    {
        var packages = typeof(Microsoft.EntityFrameworkCore.DbContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

        Assert.True(RuntimeCheck.Floor <= Version.Parse(packages), $"{RuntimeCheck.Floor}, {packages}");
        Assert.True(RuntimeCheck.Floor <= Environment.Version, $"{RuntimeCheck.Floor}, {Environment.Version}");
        Assert.True(RuntimeCheck.Floor == Version.Parse(packages) || RuntimeCheck.Floor == Environment.Version, $"{RuntimeCheck.Floor}, {packages}, {Environment.Version}");
    }

    [Fact]
    public void AspNetCoreVersion_OfThisProcess_IsKnown() => Assert.True(RuntimeCheck.AspNetCoreVersion >= new Version(10, 0, 0));

    private static Version FromFloor(int offset) => new(RuntimeCheck.Floor.Major, RuntimeCheck.Floor.Minor, RuntimeCheck.Floor.Build + offset);
}
