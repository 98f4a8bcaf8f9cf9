// The usings are the test.
#pragma warning disable IDE0005
using Countersign.AspNetCore;
using Countersign.Bearer;
using Countersign.Passwords;
using Countersign.Passwords.Rules;
using Countersign.Sessions;
using Countersign.Sessions.Feed;
using Countersign.Sessions.Keys;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.App.Tests;

/// <summary>
/// This file has the usings of a web project with Identity, and all namespaces of Countersign. It compiles: no name of ours is ambiguous (CS0104).
/// </summary>
public sealed class ImplicitUsingsTests
{
    [Fact]
    public void Configure_EveryOptionsClass_Compiles()
    {
        var services = new ServiceCollection();
        services.Configure<CountersignOptions>(static _ => { });
        services.Configure<CountersignBearerOptions>(static _ => { });
        services.Configure<CountersignSessionOptions>(static _ => { });
        services.Configure<CountersignRefreshOptions>(static _ => { });
        services.Configure<CountersignCleanupOptions>(static _ => { });
        services.Configure<CountersignKeyRotationOptions>(static _ => { });
        services.Configure<CountersignLockoutOptions>(static _ => { });
        services.Configure<CountersignNetworkLimitOptions>(static _ => { });
        services.Configure<PasswordEngineOptions>(static _ => { });
        services.Configure<PasswordRuleOptions>(static _ => { });
        Type[] others =
        [
            typeof(Session), typeof(SessionService), typeof(SessionTokens), typeof(SignInContext), typeof(RefreshError), typeof(CurrentUser),
            typeof(Registration), typeof(BearerToken), typeof(PasswordEngine), typeof(PasswordRules), typeof(KeyService), typeof(ServiceReadiness),
            typeof(TokenClaims), typeof(TokenValidator), typeof(KeyRing), typeof(RevocationReason), typeof(SigningMode), typeof(StaleFeedBehavior),
            typeof(AfterRestoreBehavior),
        ];

        Assert.NotEmpty(services);
        Assert.All(others, static type => Assert.StartsWith(nameof(Countersign), type.Namespace, StringComparison.Ordinal));
    }
}
