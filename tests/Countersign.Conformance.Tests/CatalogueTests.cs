using Countersign.Conformance.Schedules;
using Countersign.Conformance.Verdicts;

namespace Countersign.Conformance.Tests;

public sealed class CatalogueTests
{
    [Fact]
    public void All_Names_AreUnique() =>
        Assert.Equal(Catalogue.All.Count, Catalogue.All.DistinctBy(static schedule => schedule.Name, StringComparer.Ordinal).Count());

    [Fact]
    public void All_Rules_HoldMoreThanFaultsOfTheServer() =>
        Assert.All(Catalogue.All, static schedule => Assert.Contains(schedule.Rule, static fact => fact is not (Fact.ServerFault or Fact.Hang)));

    [Theory]
    [InlineData("--work", "w", "--quick", "--only", "two-tabs", "--server", "openiddict", "--store", "sqlite", "--seed", "7")]
    [InlineData("--work", "w", "--json", "f", "--resume")]
    [InlineData("--work", "w")]
    public void TryParse_WhatUsageSays_IsTaken(params string[] arguments) => Assert.NotNull(Arguments.TryParse(arguments));

    [Theory]
    [InlineData("--work", "w", "--only", "three-tabs")]
    [InlineData("--work", "w", "--server", "keycloak")]
    [InlineData("--work", "w", "--store", "mysql")]
    [InlineData("--work", "w", "--seed", "x")]
    [InlineData("--work", "w", "--quick", "--quick")]
    [InlineData("--work", "w", "--resume")]
    [InlineData("--work")]
    [InlineData("--quick")]
    public void TryParse_Nonsense_IsNotTaken(params string[] arguments) => Assert.Null(Arguments.TryParse(arguments));
}
