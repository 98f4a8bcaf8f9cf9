using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>Sign-up with fields of the app.</summary>
public sealed class SignUpFieldsTests
{
    private const string Register = "/api/v1/auth/register";

    private readonly EventScript _script = new();

    public enum Plan
    {
        Free,
        Paid,
    }

    [Fact]
    public async Task Register_FieldsAreValid_TheEventPutsThemIntoTheAccount()
    {
        Fields? seen = null;
        _script.Registering = (user, signUp, _) =>
        {
            seen = signUp.GetFields<Fields>();
            user.Company = seen.Company;
            return null;
        };
        await using var app = await StartAsync<Fields>();

        var reply = await SendAsync(app, """, "company": "Harbour Ltd", "seats": 3, "plan": "paid", "tags": ["a", "b"], "born": "1990-01-31" """);

        Assert.Equal(201, reply.Status);
        Assert.Equal("Harbour Ltd", await app.WithUserAsync("ann@example.com", static (_, user) => Task.FromResult(user.Company)));
        Assert.Equal(
            ("Harbour Ltd", 3, Plan.Paid, new DateOnly(1990, 1, 31), "a b"),
            (seen!.Company, seen.Seats, seen.Plan, seen.Born, string.Join(' ', seen.Tags!)));
    }

    [Fact]
    public async Task Register_OptionalFieldsAreMissing_TheyHaveTheirDefaults()
    {
        Fields? seen = null;
        _script.Registering = (_, signUp, _) =>
        {
            seen = signUp.GetFields<Fields>();
            return null;
        };
        await using var app = await StartAsync<Fields>();

        Assert.Equal(201, (await SendAsync(app, """, "company": "Harbour Ltd", "tags": null""")).Status);

        Assert.Equal((1, Plan.Free, null, null), (seen!.Seats, seen.Plan, seen.Born, seen.Tags));
    }

    /// <summary>One row per rule: what follows the address and the password, and the members that the answer names.</summary>
    [Theory]
    [InlineData("", "member_missing", "company")]
    [InlineData(", \"company\": \"Harbour Ltd\", \"colour\": \"red\"", "member_unknown", "")]
    [InlineData(", \"Company\": \"Harbour Ltd\"", "member_unknown", "")]
    [InlineData(", \"company\": \"Harbour Ltd\", \"company\": \"Other Ltd\"", "member_repeated", "company")]
    [InlineData(", \"company\": \"Harbour Ltd\", \"email\": \"eve@example.com\"", "member_repeated", "email")]
    [InlineData(", \"company\": null", "member_malformed", "company")]
    [InlineData(", \"company\": 7", "member_malformed", "company")]
    [InlineData(", \"company\": \"Harbour Ltd\", \"seats\": \"many\"", "member_malformed", "seats")]
    [InlineData(", \"company\": \"Harbour Ltd\", \"plan\": \"gold\"", "member_malformed", "plan")]
    [InlineData(", \"company\": \"Harbour Ltd\", \"tags\": [1]", "member_malformed", "tags")]
    [InlineData(", \"company\": \"Harbour Ltd\", \"tags\": [[\"a\"]]", "body_malformed", "")]
    [InlineData(", \"company\": {\"name\": {}}", "body_malformed", "")]
    [InlineData(", \"company\": \"H\"", "member_invalid", "company")]
    [InlineData(", \"company\": \"H\", \"seats\": 0", "member_invalid", "company seats")]
    [InlineData(", \"company\": \"Harbour Ltd\", \"plan\": \"free\", \"seats\": 5", "member_invalid", "seats")]
    [InlineData(", \"company\": \"nobody\"", "member_invalid", "")]
    [InlineData(", \"company\": \"Harbour Ltd\", // none", "body_malformed", "")]
    [InlineData(", \"company\": \"Harbour Ltd\",", "body_malformed", "")]
    public async Task Register_FieldsAreNotAsTheyMustBe_SaysWhichAndCreatesNothing(string more, string code, string members)
    {
        await using var app = await StartAsync<Fields>();

        var reply = await SendAsync(app, more);

        Assert.Equal((400, code), (reply.Status, reply.Code));
        var named = reply.Json.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().Select(static one => one.Name) : [];
        Assert.Equal(members, string.Join(' ', named));
        Assert.Empty(_script.Calls);
        Assert.Equal(0, await app.WithContextAsync(static context => context.Users.CountAsync()));
    }

    [Fact]
    public async Task Register_RulesAreBroken_TheAnswerHasTheAppsWords()
    {
        await using var app = await StartAsync<Fields>();

        var reply = await SendAsync(app, ", \"company\": \"H\", \"seats\": 0");

        Assert.Equal("invalid_request", reply.Error);
        Assert.Equal(
            "{\"company\":[{\"code\":\"member_invalid\",\"message\":\"Between 2 and 40 characters.\"}],"
            + "\"seats\":[{\"code\":\"member_invalid\",\"message\":\"The field seats must be between 1 and 100.\"}]}",
            reply.Json.GetProperty("errors").GetRawText());
    }

    [Fact]
    public async Task Register_OwnMembersAreMissingToo_NamesAll()
    {
        await using var app = await StartAsync<Fields>();

        var reply = await app.SendAsync("POST", Register, new { });

        Assert.Equal(["email", "password", "company"], reply.Json.GetProperty("errors").EnumerateObject().Select(static one => one.Name));
    }

    [Fact]
    public async Task Register_AForm_Is415AsWithoutFields()
    {
        await using var app = await StartAsync<Fields>();
        using var form = new FormUrlEncodedContent([new("email", "ann@example.com"), new("password", GuestApp.Password), new("company", "Harbour Ltd")]);
        using var answer = await app.Client.PostAsync(new Uri(Register, UriKind.Relative), form);

        Assert.Equal(415, (int)answer.StatusCode);
    }

    /// <summary>The app's JSON options name the fields; Countersign's own members keep their names.</summary>
    [Fact]
    public async Task Register_AppNamesItsJsonOtherwise_FieldsFollowAndOursStay()
    {
        await using var app = await StartAsync<Fields>(static services => services.ConfigureHttpJsonOptions(static options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper;
            options.SerializerOptions.PropertyNameCaseInsensitive = true;
        }));

        Assert.Equal(201, (await SendAsync(app, ", \"COMPANY\": \"Harbour Ltd\"")).Status);
        Assert.Equal("member_unknown", (await SendAsync(app, ", \"company\": \"Harbour Ltd\"")).Code);
    }

    [Fact]
    public async Task OpenApi_SignUp_DescribesTheMembersOfBoth()
    {
        await using var app = await StartAsync<Fields>(static services => services.AddOpenApi(), static web =>
        {
            web.MapCountersign<Fields>();
            web.MapOpenApi();
        });

        var document = (await app.SendAsync("GET", "/openapi/v1.json")).Json;
        var operation = document.GetProperty("paths").GetProperty(Register).GetProperty("post");
        var reference = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref");
        var schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);

        var properties = schema.GetProperty("properties");
        Assert.Equal(
            "email password display_name company seats born tags plan",
            string.Join(' ', properties.EnumerateObject().Select(static one => one.Name)));
        Assert.Equal("email password company", string.Join(' ', schema.GetProperty("required").EnumerateArray().Select(static one => one.GetString())));
        var company = properties.GetProperty("company");
        Assert.Equal(
            ("string", 2, 40, "Who pays."),
            (company.GetProperty("type").GetString(), company.GetProperty("minLength").GetInt32(), company.GetProperty("maxLength").GetInt32(),
                company.GetProperty("description").GetString()));
        Assert.Equal("The e-mail address.", properties.GetProperty("email").GetProperty("description").GetString());
        Assert.Equal("date", properties.GetProperty("born").GetProperty("format").GetString());
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.True(operation.GetProperty("responses").TryGetProperty("403", out _));
    }

    [Fact]
    public async Task MapCountersignRegister_AnotherPattern_TakesTheFieldsThere()
    {
        await using var app = await StartAsync<Fields>(map: static web =>
        {
            web.MapCountersignRegister<Fields>("/join");
            web.MapCountersignRoute(CountersignRoute.LogIn);
        });

        Assert.Equal(201, (await SendAsync(app, ", \"company\": \"Harbour Ltd\"", "/join")).Status);
        Assert.Equal(404, (await SendAsync(app, ", \"company\": \"Harbour Ltd\"")).Status);
        Assert.Equal(200, (await app.LoginAsync("ann@example.com")).Status);
    }

    [Fact]
    public async Task GetFields_OfAnotherTypeOrWithoutFields_SaysWhatToMap()
    {
        string? message = null;
        _script.Registering = (_, signUp, _) =>
        {
            message = Assert.Throws<InvalidOperationException>(() => signUp.GetFields<Fields>()).Message;
            return null;
        };
        await using var app = await StartAsync<Fields>(map: static web => web.MapCountersign());

        Assert.Equal(201, (await app.RegisterAsync("ann@example.com")).Status);

        Assert.Contains("app.MapCountersign<Fields>()", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapCountersign_NoEventWouldReadTheFields_SaysSo()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => GuestApp.StartAsync(new GuestSetup
        {
            Map = static web => web.MapCountersign<Fields>(),
        }));

        Assert.Contains("AddAccountEvents", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapCountersign_FieldIsAnObject_SaysSo() => await AssertUnfitAsync<WithObject>("WithObject.Address is an object");

    [Fact]
    public async Task MapCountersign_FieldsAreObjects_SaysSo() => await AssertUnfitAsync<WithObjects>("WithObjects.Addresses is an object");

    [Fact]
    public async Task MapCountersign_FieldHasANameOfOurs_SaysSo() => await AssertUnfitAsync<WithEmail>("\"email\"");

    private async Task AssertUnfitAsync<TFields>(string message)
        where TFields : class
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync<TFields>());

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private Task<GuestApp> StartAsync<TFields>(Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
        where TFields : class => GuestApp.StartAsync(new GuestSetup
        {
            Countersign = static options => options.Registration = Registration.Open,
            Services = all =>
            {
                all.AddSingleton(_script);
                services?.Invoke(all);
            },
            Builder = static builder => builder.AddAccountEvents<GuestEvents>(),
            Map = map ?? (static web => web.MapCountersign<TFields>()),
        });

    private static async Task<Endpoints.Reply> SendAsync(GuestApp app, string more, string path = Register)
    {
        using var content = new StringContent(
            $$"""{"email": "ann@example.com", "password": "{{GuestApp.Password}}"{{more}}}""", Encoding.UTF8, "application/json");
        using var response = await app.Client.PostAsync(new Uri(path, UriKind.Relative), content);
        return new Endpoints.Reply(response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A positional record, whose attributes stand on the parameters, and a rule on the property and on the whole.</summary>
    private sealed record Fields(
        [StringLength(40, MinimumLength = 2, ErrorMessage = "Between 2 and 40 characters.")][property: Description("Who pays.")] string Company,
        [property: Range(1, 100)] int Seats = 1,
        Plan Plan = Plan.Free,
        DateOnly? Born = null,
        IReadOnlyList<string>? Tags = null) : IValidatableObject
    {
        [JsonConverter(typeof(PlanConverter))]
        public Plan Plan { get; init; } = Plan;

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Plan is Plan.Free && Seats > 4)
            {
                yield return new ValidationResult("Four seats are free.", [nameof(Seats)]);
            }

            if (Company is "nobody")
            {
                yield return new ValidationResult("Somebody must pay.");
            }
        }
    }

    private sealed class PlanConverter() : JsonStringEnumConverter<Plan>(JsonNamingPolicy.CamelCase);

    private sealed record Address(string Street);

    private sealed record WithObject(Address Address);

    private sealed record WithObjects(IReadOnlyList<Address> Addresses);

    private sealed record WithEmail(string Email);
}
