using System.ComponentModel.DataAnnotations;
using Countersign.AspNetCore;
using Countersign.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<AppDbContext>(o => o.UseSqlite("Data Source=extra-fields.db"));
builder.Services.Configure<IdentityOptions>(o => o.UseCountersignDefaults());
builder.Services
    .AddCountersign<AppUser, AppDbContext>(o =>
    {
        o.Registration = Registration.Open;
        o.Routes.LogIn = false;   // mapped below, at another address
    })
    .AddAccountEvents<AppEvents>();

var app = builder.Build();
using (var scope = app.Services.CreateScope())
{
    scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreated();   // an app in production has migrations
}

app.MapCountersign<SignUpFields>();
app.MapCountersignRoute(CountersignRoute.LogIn, "/sign-in");
app.MapGet("/company", async (CurrentUser<AppUser> user, AppDbContext database) => await database.Companies.FindAsync(user.Account.CompanyId));
app.Run();

// Members of the sign-up beside email and password, with their rules.
record SignUpFields([StringLength(80, MinimumLength = 2)] string Company, [Range(1, 500)] int Seats = 1);

class AppEvents(AppDbContext database, TimeProvider time) : IAccountEvents<AppUser>
{
    public async ValueTask<AccountRefusal?> RegisteringAsync(AppUser user, SignUpContext signUp, CancellationToken cancellationToken)
    {
        var fields = signUp.GetFields<SignUpFields>();
        if (await database.Companies.AnyAsync(company => company.Name == fields.Company, cancellationToken))
        {
            return new AccountRefusal("company_taken", "This company has an account already");
        }

        // Saved together with the account, in one transaction.
        var company = new Company { Name = fields.Company, Seats = fields.Seats, TrialEnds = time.GetUtcNow().AddDays(30).UtcDateTime };
        database.Add(company);
        user.CompanyId = company.Id;
        return null;
    }

    public async ValueTask<AccountRefusal?> SigningInAsync(AppUser user, SignInContext signIn, CancellationToken cancellationToken)
    {
        var company = await database.Companies.FindAsync([user.CompanyId], cancellationToken);
        return company!.TrialEnds > time.GetUtcNow().UtcDateTime ? null : new AccountRefusal("trial_over", "Your trial has ended");
    }
}

class AppUser : IdentityUser
{
    public Guid CompanyId { get; set; }
}

class Company
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string Name { get; set; }
    public int Seats { get; set; }
    public DateTime TrialEnds { get; set; }
}

class AppDbContext(DbContextOptions<AppDbContext> options) : IdentityDbContext<AppUser>(options)
{
    public DbSet<Company> Companies => Set<Company>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseCountersign();
        builder.Entity<Company>().HasIndex(company => company.Name).IsUnique();
        builder.Entity<AppUser>().HasOne<Company>().WithMany().HasForeignKey(user => user.CompanyId);
    }
}
