from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_erasures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Findable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.TextField()),
                ("identity_id", models.BigIntegerField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="findable",
            constraint=models.UniqueConstraint(fields=("value", "identity_id"), name="findable_once"),
        ),
        migrations.RemoveIndex(model_name="identifier", name="identifier_value"),
    ]
