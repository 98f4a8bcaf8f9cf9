using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>What a sign-up answers if a user validator refuses what the app's event has set.</summary>
public sealed class SignUpValidatorTests
{
    /// <summary>What a user validator refuses is about the address only if the app has not set the property itself.</summary>
    [Theory]
    [InlineData("taken", "duplicate_user_name")]
    [InlineData("has a space", "invalid_user_name")]
    [InlineData("novat", "vat_number_missing")]
    [InlineData("reserved", "account_refused")]
    public async Task RegisteringAsync_SetsWhatAValidatorRefuses_IsRefusedInTheValidatorsWords(string userName, string code)
    {
        EventScript script = new();
        script.Registering = (user, _, _) =>
        {
            user.UserName = userName;
            return null;
        };
        await using var app = await GuestApp.StartAsync(new GuestSetup
        {
            Countersign = static options => options.Registration = Registration.Open,
            Services = services => services.AddSingleton(script).AddScoped<IUserValidator<GuestUser>, VatValidator>(),
            Builder = static builder => builder.AddAccountEvents<GuestEvents>(),
        });
        await app.CreateAsync("taken", "other@example.com");

        var reply = await app.RegisterAsync("ann@example.com");

        Assert.Equal((403, code), (reply.Status, reply.Code));
        Assert.Equal(1, await app.WithContextAsync(static context => context.Users.CountAsync()));
    }

    private sealed class VatValidator : IUserValidator<GuestUser>
    {
        public Task<IdentityResult> ValidateAsync(UserManager<GuestUser> manager, GuestUser user) => Task.FromResult(user.UserName switch
        {
            "novat" => IdentityResult.Failed(new IdentityError { Code = "VatNumberMissing", Description = "Give your VAT number" }),
            "reserved" => IdentityResult.Failed(new IdentityError { Code = "EmailTaken", Description = "A text\nof two lines" }),
            _ => IdentityResult.Success,
        });
    }
}
