using Countersign.Server.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Tests.Hosting;

public sealed class StartFailureTests
{
    private static readonly OptionsValidationException One = new("one", typeof(object), ["Auth:One is wrong.", "Auth:Two is wrong."]);
    private static readonly OptionsValidationException Other = new("other", typeof(object), ["Auth:Three is wrong."]);

    [Fact]
    public async Task WriteAsync_FaultsOfSeveralClassesOfSettings_NamesEach()
    {
        var failure = new AggregateException(One, Other);
        using var error = new StringWriter { NewLine = "\n" };

        Assert.True(StartFailure.IsOperational(failure));
        Assert.Equal(1, await StartFailure.WriteAsync(error, failure));

        Assert.Equal("countersign: Auth:One is wrong.\ncountersign: Auth:Two is wrong.\ncountersign: Auth:Three is wrong.\n", error.ToString());
    }

    [Fact]
    public void IsOperational_ADefectAmongThem_IsOne() => Assert.False(StartFailure.IsOperational(new AggregateException(One, new NotSupportedException())));
}
