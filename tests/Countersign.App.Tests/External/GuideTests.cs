namespace Countersign.App.Tests.External;

/// <summary>The guide's code is that of the sample.</summary>
public sealed class GuideTests
{
    [Fact]
    public void Guide_EachBlockOfCode_IsInTheSample() =>
        Assert.Equal(4, Listings.AssertCompiled("docs/guides/external-login.md", "samples/ExternalLogin"));
}
