"""The five demo companies. Names are invented; region codes are real ones of GB/T 2260."""

from datetime import date

from aftersales_server.demo.plans import AssetPlan, ContactPlan, CustomerPlan, EngineerPlan, TenantPlan, UnitPlan

HUAKANG = TenantPlan(
    slug="huakang-his",
    name="华康医疗软件",
    english="hospital information systems, plan 8",
    hotline="400-810-0008",
    vertical="software_his",
    settings={"profile": "hospital", "around_beijing": ["1310", "1306", "1307", "1308", "12"]},
    units=(
        UnitPlan(code="HQ", name="北京总部服务部", kind="headquarters", level=3, hotline="400-810-0008",
                 on_call="138-0000-0801"),
        UnitPlan(code="NORTH", name="华北服务处", kind="office", level=2, parent="HQ", regions=("11", "12", "13"),
                 hotline="010-8000-0801", on_call="138-0000-0802"),
        UnitPlan(code="CD-AGENT", name="成都特约服务站", kind="agent", level=1, parent="HQ", regions=("51",),
                 hotline="028-8000-0801"),
    ),
    dealer_unit="CD-AGENT",
    engineers=(
        EngineerPlan(code="E01", name="王磊", unit="NORTH", skills=("his", "database"), regions=("11", "12", "13")),
        EngineerPlan(code="E02", name="赵敏", unit="NORTH", skills=("his",), regions=("11", "13")),
        EngineerPlan(code="E03", name="陈川", unit="CD-AGENT", party="agent", skills=("his",), regions=("51",)),
    ),
    customers=(
        CustomerPlan(
            code="H-LF", name="廊坊市第二人民医院", tier="important", region="131002", phone="0316-200-0001",
            contacts=(
                ContactPlan(name="刘主任", position="信息科主任", phone="0316-200-0002", may_authorise=True),
                ContactPlan(name="孙护士长", position="门诊护士长", phone="0316-200-0003"),
            ),
            sites=(("廊坊门诊楼", "廊坊市安次区", "131002"),),
            assets=(
                AssetPlan(number="HIS-LF", name="廊坊二院 HIS", type="hospital_information_system", site="廊坊门诊楼",
                          serial="HIS62-0131", installed_on=date(2026, 3, 1),
                          attributes={"product_version": "6.2", "went_live_on": "2026-03-31", "operators": 85},
                          components=(("application", "APP-62"), ("database", "DB-19"))),
            ),
            contract="HK-2026-001",
        ),
        CustomerPlan(
            code="H-BJ", name="东城区中心医院", tier="long_term", region="110101", phone="010-6500-0001",
            contacts=(ContactPlan(name="周工", position="信息科", phone="010-6500-0002", may_authorise=True),),
            sites=(("东城院区", "北京市东城区", "110101"),),
            assets=(
                AssetPlan(number="HIS-BJ", name="东城中心医院 HIS", type="hospital_information_system", site="东城院区",
                          serial="HIS62-0110", attributes={"product_version": "6.2", "operators": 210}),
            ),
            contract="HK-2026-002",
        ),
        CustomerPlan(
            code="H-CD", name="成都市青羊妇幼保健院", tier="standard", region="510105", phone="028-8600-0001",
            contacts=(ContactPlan(name="何老师", position="信息科", phone="028-8600-0002", may_authorise=True),),
            sites=(("青羊院区", "成都市青羊区", "510105"),),
            assets=(
                AssetPlan(number="HIS-CD", name="青羊妇幼 HIS", type="hospital_information_system", site="青羊院区",
                          attributes={"product_version": "6.1", "operators": 60}),
            ),
        ),
    ),
    contract_title="医院信息系统维护合同",
)  # fmt: skip

ZHUXIN = TenantPlan(
    slug="zhuxin-pm",
    name="筑信项目管理软件",
    english="project-management software, plan 10",
    hotline="400-810-0010",
    vertical="software_his",
    settings={
        "profile": "project_management",
        "on_site_hours": {"g1": 4, "g2": 8, "g3": 24, "g4": 48},
        "on_call_mobile": "139-0000-1001",
        "module_codes": {"M01": "计划", "M02": "成本", "M03": "合同"},
        "error_codes": {"E500": "服务中断", "E401": "登录失败"},
    },
    units=(
        UnitPlan(code="HQ", name="上海总部", kind="headquarters", level=3, hotline="400-810-0010",
                 on_call="139-0000-1001"),
        UnitPlan(code="SH", name="华东技术支持", kind="office", level=2, parent="HQ", regions=("31", "32", "33"),
                 hotline="021-6000-1001", on_call="139-0000-1002"),
        UnitPlan(code="NJ-AGENT", name="南京合作伙伴", kind="agent", level=1, parent="SH", regions=("3201",)),
    ),
    dealer_unit="NJ-AGENT",
    engineers=(
        EngineerPlan(code="E01", name="林涛", unit="SH", skills=("recovery", "database"), regions=("31", "32", "33")),
        EngineerPlan(code="E02", name="何静", unit="SH", skills=("workflow",), regions=("31",)),
        EngineerPlan(code="E03", name="丁一", unit="NJ-AGENT", party="agent", regions=("3201",)),
    ),
    customers=(
        CustomerPlan(
            code="P-JG", name="浦江建工集团", tier="important", region="310115", phone="021-5800-0001",
            contacts=(
                ContactPlan(name="高经理", position="信息中心", phone="021-5800-0002", may_authorise=True),
                ContactPlan(name="许工", position="值班", phone="139-5800-0003"),
            ),
            sites=(("浦东总部机房", "上海市浦东新区", "310115"),),
            assets=(
                AssetPlan(number="PM-JG", name="浦江建工项目管理系统", type="project_management_system",
                          site="浦东总部机房", serial="PM9-3101",
                          attributes={"product_version": "9.1", "went_live_on": "2026-01-15", "users": 640,
                                      "guarantee_months": 24},
                          components=(("application", "APP-91"), ("server", "SRV-02"))),
            ),
            contract="ZX-2026-001",
        ),
    ),
    contract_title="项目管理系统服务合同",
    contract_fields={"guarantee_months": 24},
)  # fmt: skip

HEFENG = TenantPlan(
    slug="hefeng-solar",
    name="和丰太阳能",
    english="solar water heating, plan 9",
    hotline="800-828-5488",
    vertical="solar",
    settings={},
    units=(
        UnitPlan(code="HQ", name="济南总部", kind="headquarters", level=3, hotline="800-828-5488",
                 on_call="137-0000-0901"),
        UnitPlan(code="SD", name="山东办事处", kind="office", level=2, parent="HQ", regions=("37",),
                 hotline="0531-8000-0901"),
        UnitPlan(code="LX-AGENT", name="历下代理", kind="agent", level=1, parent="SD", regions=("370102",),
                 hotline="0531-8000-0902"),
    ),
    dealer_unit="LX-AGENT",
    engineers=(
        EngineerPlan(code="A01", name="马师傅", unit="LX-AGENT", party="agent", skills=("plumbing",),
                     regions=("370102",)),
        EngineerPlan(code="E01", name="郑工", unit="SD", skills=("plumbing", "installation_guide"), regions=("37",),
                     certificates=(("electrician", "DG-37-0091", date(2028, 12, 31)),)),
    ),
    customers=(
        CustomerPlan(
            code="S-QF", name="泉府社区物业", tier="standard", region="370102", phone="0531-6000-0001",
            contacts=(ContactPlan(name="孟管家", position="物业", phone="0531-6000-0002"),),
            sites=(("泉府 3 号楼", "济南市历下区", "370102"),),
            assets=(
                AssetPlan(number="SW-QF-3", name="泉府 3 号楼热水系统", type="solar_water_heater", site="泉府 3 号楼",
                          serial="HF-2026-0301", installed_on=date(2026, 2, 20),
                          attributes={"collector": "vacuum_tube", "collector_count": 24, "tank_litres": 3000,
                                      "auxiliary_heating": "electric", "households": 48},
                          components=(("tank", "TK-3000-17"), ("vacuum_tube", "VT-24"), ("bracket", "BR-17"),
                                      ("pump", "PU-17"), ("controller", "CT-17"))),
            ),
            contract="HF-2026-001",
        ),
    ),
    contract_title="太阳能热水系统服务合同",
)  # fmt: skip

JINGBEI = TenantPlan(
    slug="jingbei-4s",
    name="京北 4S 店",
    english="a car dealership, plan 6",
    hotline="400-810-0006",
    vertical="auto_4s",
    settings={
        "acknowledge_minutes": 30,
        "campaign_year": 2026,
        "minimum_campaign_kilometres": 5000,
        "warranty_months": 36,
        "warranty_kilometres": 100000,
    },
    units=(
        UnitPlan(code="JB01", name="京北 4S 店", kind="workshop", level=2, regions=("1101",), hotline="400-810-0006",
                 on_call="136-0000-0601"),
        UnitPlan(code="CP-DEALER", name="昌平快修点", kind="dealer", level=1, parent="JB01", regions=("110114",)),
    ),
    dealer_unit="CP-DEALER",
    engineers=(
        EngineerPlan(code="E01", name="石师傅", unit="JB01", skills=("brakes", "engine"), regions=("1101",)),
        EngineerPlan(code="E02", name="谢师傅", unit="CP-DEALER", party="agent", skills=("cleaning",),
                     regions=("110114",)),
    ),
    customers=(
        CustomerPlan(
            code="C-ZH", name="张慧", tier="standard", region="110105", phone="136-1000-0001",
            contacts=(ContactPlan(name="张慧", position="车主", phone="136-1000-0001"),),
            sites=(("住址", "北京市朝阳区", "110105"),),
            assets=(
                AssetPlan(number="CAR-ZH", name="京A·D1234 伊兰特", type="passenger_car", site="住址",
                          serial="LBEADADC0FX000001", usage=18200,
                          attributes={"vin": "LBEADADC0FX000001", "brand": "Hyundai", "model": "Elantra",
                                      "plate": "京A·D1234", "use": "private", "sold_on": "2025-04-12",
                                      "invoiced_on": "2025-04-12"},
                          components=(("brakes", "BK-1"), ("air_conditioning", "AC-1"))),
            ),
            contract="JB-2026-001",
        ),
    ),
    contract_title="三包及售后服务",
)  # fmt: skip

LVYUAN = TenantPlan(
    slug="lvyuan-landscape",
    name="绿源园林",
    english="landscaping, plan 5",
    hotline="400-810-0005",
    vertical="landscaping",
    settings={"watering_every_days": 7, "watering_months": [6, 7, 8], "patrol_gap_minutes": 60},
    units=(
        UnitPlan(code="HQ", name="杭州总部", kind="headquarters", level=3, hotline="400-810-0005",
                 on_call="135-0000-0501"),
        UnitPlan(code="HZ", name="杭州养护队", kind="branch", level=2, parent="HQ", regions=("3301",)),
        UnitPlan(code="YH-AGENT", name="余杭协作苗圃", kind="agent", level=1, parent="HZ", regions=("330110",)),
    ),
    dealer_unit="YH-AGENT",
    engineers=(
        EngineerPlan(code="E01", name="钱队长", unit="HZ", skills=("electrician", "upkeep"), regions=("3301",),
                     certificates=(("electrician", "DG-33-0051", date(2028, 6, 30)),)),
        EngineerPlan(code="E02", name="沈园艺", unit="HZ", skills=("upkeep", "replanting"), regions=("3301",)),
        EngineerPlan(code="A01", name="老俞", unit="YH-AGENT", party="agent", skills=("replanting",),
                     regions=("330110",)),
    ),
    customers=(
        CustomerPlan(
            code="G-XH", name="西溪花园业委会", tier="long_term", region="330106", phone="0571-8000-0001",
            contacts=(ContactPlan(name="杨主任", position="业委会", phone="0571-8000-0002"),),
            sites=(("西溪花园", "杭州市西湖区", "330106"),),
            assets=(
                AssetPlan(number="LW-XH", name="西溪花园绿化工程", type="landscape_works", site="西溪花园",
                          installed_on=date(2026, 4, 10),
                          attributes={"area_square_metres": "12500", "planted": 1000,
                                      "completed_on": "2026-03-28", "handed_over_on": "2026-04-10"},
                          components=(("plant", "P-1"), ("irrigation", "I-1"), ("lighting", "L-1"))),
            ),
            contract="LY-2026-001",
        ),
    ),
    contract_title="绿化工程保修养护",
)  # fmt: skip

TENANTS = (HUAKANG, ZHUXIN, HEFENG, JINGBEI, LVYUAN)
